using CriGuard.TestBed;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.Node;

/// <summary>Modules of the kernel: that an ordinary container makes it load them, and what keeps it from that.</summary>
[Collection(MachineCollection.Name)]
public sealed class ModuleTests(Machine machine)
{
    private const string Rules = "/etc/modprobe.d/criguard.conf";

    /// <summary>A socket each that loads a module, and the module.</summary>
    private static readonly (Attempt Attempt, string Module)[] Sockets =
    [
        (Attempt.Socket("socket SCTP", 2, 1, 132), "sctp"),
        (Attempt.Socket("socket AF_ALG", 38, 5, 0), "af_alg"),
        (Attempt.Socket("socket AF_KCM", 41, 5, 0), "kcm"),
        (Attempt.Socket("socket AF_SMC", 43, 1, 0), "smc"),
        (Attempt.Socket("socket AF_VSOCK", 40, 1, 0), "vsock"),
    ];

    /// <summary>As a kubelet without `seccompDefault` sends it, and with AppArmor off.</summary>
    private static PodSpec Unfiltered => new("unfiltered")
    {
        Containers = [new() { Seccomp = SecurityProfile.Types.ProfileType.Unconfined, AppArmor = ContainerSpec.Unconfined }],
    };

    [Fact]
    public async Task T_Q9_a_socket_loads_a_module_without_the_gate_and_none_with_it()
    {
        // SCTP cannot be unloaded again, so what must load nothing comes first.
        await machine.RunAsync("modprobe --remove --quiet af_alg kcm smc vsock_loopback vmw_vsock_vmci_transport vsock || true");
        Assert.DoesNotContain(Sockets, (await LoadedAsync()).Contains);
        var filtered = await SocketsAsync(machine.Gate, PodSpec.Ordinary with { Namespace = "filtered" });
        var confined = await SocketsAsync(machine.Gate, PodSpec.Ordinary with { Namespace = "default" }, from: 1);
        await machine.RunAsync($"/job/criguard profile modprobe > {Rules}");
        var ruled = await SocketsAsync(machine.Straight, Unfiltered);
        await machine.RunAsync($"rm {Rules}");
        var before = await SocketsAsync(machine.Straight, PodSpec.Ordinary);

        Compare("seccomp", before, filtered);
        // AppArmor knows no protocols, and SCTP is one of inet.
        Compare("AppArmor", before[1..], confined);
        Compare("rules for modprobe", before, ruled);
        Assert.All(before, static socket => Assert.True(socket.Loaded, $"{socket} without the gate: this machine proves nothing"));
        Assert.All([.. filtered, .. confined, .. ruled], static socket => Assert.Equal((false, false), (socket.Loaded, socket.Outcome == Attempt.Done)));
    }

    private void Compare(string layer, Seen[] before, Seen[] after)
    {
        foreach (var (was, now) in before.Zip(after))
            machine.Comparison.Add($"{was.Tried}, by {layer} alone", was.ToString(), now.ToString());
    }

    /// <summary>Makes the sockets in a pod of their own.</summary>
    private async Task<Seen[]> SocketsAsync(Kubelet kubelet, PodSpec spec, int from = 0)
    {
        var sockets = Sockets[from..];
        var pod = await kubelet.RunAsync(spec);
        var outcomes = await Attempt.InAsync(machine.Straight, pod.Main, sockets.Select(static s => s.Attempt));
        var loaded = (await LoadedAsync()).ToList();
        return [.. sockets.Zip(outcomes, (s, outcome) => new Seen(s.Attempt.Name, outcome, s.Module, loaded.Contains(s)))];
    }

    private async Task<IEnumerable<(Attempt Attempt, string Module)>> LoadedAsync()
    {
        var modules = (await machine.RunAsync("cut -d ' ' -f 1 /proc/modules")).Split('\n');
        return Sockets.Where(s => modules.Contains(s.Module));
    }

    private sealed record Seen(string Tried, string Outcome, string Module, bool Loaded)
    {
        public override string ToString() => $"{Outcome}, {(Loaded ? $"{Module} loaded" : "nothing loaded")}";
    }
}
