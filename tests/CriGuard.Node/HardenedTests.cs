using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.Node;

/// <summary>What the shipped baseline makes of a tenant's pod on a node with systemd, cgroup v2 and AppArmor, in the kernel's words.</summary>
[Collection(MachineCollection.Name)]
public sealed class HardenedTests(Machine machine)
{
    private const int NetRaw = 13;
    private const int SysModule = 16;

    private static readonly ContainerSpec Bare = new() { Seccomp = SecurityProfile.Types.ProfileType.Unconfined, AppArmor = ContainerSpec.Unconfined, NoNewPrivileges = true, User = 1000 };

    [Fact]
    public async Task A_tenants_container_is_filtered_confined_and_in_its_cgroup()
    {
        var spec = new PodSpec("bare") { Containers = [Bare] };
        var straight = await machine.Straight.RunAsync(spec);
        var through = await machine.Gate.RunAsync(spec with { Uid = Guid.NewGuid().ToString() });

        var (before, after) = (await ProcessAsync(straight.Main), await ProcessAsync(through.Main));

        foreach (var key in (string[])["Seccomp", "NoNewPrivs", "CapBnd", "label"])
            machine.Comparison.Add($"unconfined pod: {key}", before[key], after[key]);
        Assert.Equal(("0", "unconfined"), (before["Seccomp"], before["label"]));
        Assert.Equal(("2", "criguard-default (enforce)", "1"), (after["Seccomp"], after["label"], after["NoNewPrivs"]));
        Assert.Equal("1000\t1000\t1000\t1000", after["Uid"]);
        Assert.Equal(0ul, Convert.ToUInt64(after["CapBnd"], 16) & (1ul << NetRaw | 1ul << SysModule));
        Assert.Equal(0ul, Convert.ToUInt64(after["CapEff"], 16));
        Assert.Equal($"0::/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{through.Spec.Uid.Replace('-', '_')}.slice/cri-containerd-{through.Main}.scope", after["cgroup"]);
        Assert.Equal("systemd cgroup2fs", await machine.RunAsync("echo $(cat /proc/1/comm) $(stat --file-system --format %T /sys/fs/cgroup)"));
    }

    /// <summary>proc(5): fields of `status`, the AppArmor label and the cgroup of a container's first process.</summary>
    private async Task<Dictionary<string, string>> ProcessAsync(string container)
    {
        var pid = await machine.PidAsync(container);
        var lines = await machine.RunAsync($"cat /proc/{pid}/status; echo \"label: $(cat /proc/{pid}/attr/current)\"; echo \"cgroup: $(cat /proc/{pid}/cgroup)\"");
        return lines.Split('\n').Select(static line => line.Split(':', 2)).ToDictionary(static field => field[0], static field => field[1].Trim());
    }
}
