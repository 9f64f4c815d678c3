using System.Net.Sockets;
using System.Text.Json;
using CriGuard.TestBed;

namespace CriGuard.Node;

/// <summary>
/// A Debian machine under QEMU's emulator, with systemd, cgroup v2, AppArmor and loadable modules; in it containerd and the published binary. Made
/// once for each recipe (`machine/image.sh`), started once for all tests.
/// </summary>
public sealed class Machine : IAsyncLifetime
{
    /// <summary>How long one start may take; with company on the host the emulator runs at a fifth of its speed.</summary>
    private static readonly TimeSpan BootLimit = TimeSpan.FromSeconds(120);

    /// <summary>How long the machine runs at most, whatever becomes of its owner.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(30);

    private Emulator? _emulator;

    /// <summary>What was seen so far.</summary>
    public Comparison Comparison { get; } = new();

    public Shell Shell { get; private set; } = null!;

    /// <summary>A kubelet that is pointed to containerd.</summary>
    public Kubelet Straight { get; private set; } = null!;

    /// <summary>A kubelet that is pointed to CriGuard.</summary>
    public Kubelet Gate { get; private set; } = null!;

    /// <summary>For one thing that is asked of the machine.</summary>
    private static CancellationToken Patience => new CancellationTokenSource(BootLimit).Token;

    private static string Recipe => Path.Combine(AppContext.BaseDirectory, "machine");

    private static string Artifact(string path) => Path.Combine(Checkout.Root, "artifacts", path);

    /// <summary>What a run brings along, packed anew each time: nothing is written outside of the checkout.</summary>
    private static string Job => Artifact("node-job");

    public async Task InitializeAsync()
    {
        try
        {
            await StartAsync();
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task StartAsync()
    {
        await PackAsync();
        var made = (await Command.OutputAsync("sh", Path.Combine(Recipe, "image.sh"), Directory.CreateDirectory(Artifact("node")).FullName)).Trim();
        _emulator = await BootAsync(made);
        Shell = new Shell(_emulator.Shell);
        await InstallAsync();
    }

    /// <summary>Puts CriGuard before the node's kubelet, with the policies of the tests and bounds for a machine that is as fast as it seems.</summary>
    public async Task InstallAsync()
    {
        await RunLongAsync("""
            mkdir -p /etc/criguard /etc/systemd/system/criguard.service.d
            sed 's/^# drainSeconds: .*/drainSeconds: 300/' /job/etc/config.yaml > /etc/criguard/config.yaml
            cp -r /job/policy.d /etc/criguard
            printf '[Service]\nTimeoutStopSec=400\nWatchdogSec=300\n' > /etc/systemd/system/criguard.service.d/emulator.conf
            systemctl start kubelet
            /job/criguard install --yes --wait 5m || { journalctl --no-pager -u criguard -u kubelet; exit 1; }
            """);
        Connect();
    }

    /// <summary>Starts the machine anew, without asking its services.</summary>
    public async Task RebootAsync()
    {
        const string Boot = "cat /proc/sys/kernel/random/boot_id";
        var before = await RunAsync(Boot);
        await TryAsync("systemctl reboot --force --force");
        using var patience = new CancellationTokenSource(BootLimit * 2);
        while (await TryAsync($"{Boot}; systemctl is-active --quiet ready") is var now && (now is null || now == before))
            await Task.Delay(TimeSpan.FromSeconds(1), patience.Token);
        Connect();
    }

    /// <summary>Null where the machine does not answer.</summary>
    private async Task<string?> TryAsync(string script)
    {
        try
        {
            return await Shell.RunAsync(script, new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        }
        catch (Exception e) when (e is SocketException or IOException or InvalidOperationException or OperationCanceledException)
        {
            return null;
        }
    }

    private void Connect()
    {
        Straight?.Dispose();
        Gate?.Dispose();
        var names = new NodeNames(
            static pod => $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{pod.Uid.Replace('-', '_')}.slice",
            static _ => "");
        Straight = new Kubelet(names, _emulator!.Runtime);
        Gate = new Kubelet(names, _emulator.Gate);
    }

    /// <summary>Runs a script as root of the machine; returns what it wrote.</summary>
    public Task<string> RunAsync(string script) => Shell.RunAsync(script, Patience);

    /// <summary>As <see cref="RunAsync"/>, for what takes long.</summary>
    public Task<string> RunLongAsync(string script) => Shell.RunAsync(script, new CancellationTokenSource(BootLimit * 3).Token);

    /// <summary>The first process of a container, as the machine numbers it.</summary>
    public async Task<int> PidAsync(string container)
    {
        var status = await Straight.ContainerStatusAsync(container, verbose: true, Patience);
        return JsonElement.Parse(status.Info["info"]).GetProperty("pid").GetInt32();
    }

    public async Task DisposeAsync()
    {
        Directory.CreateDirectory(Artifact("tests"));
        await File.WriteAllTextAsync(Artifact("tests/CriGuard.Node.txt"), Comparison.ToString());
        Straight?.Dispose();
        Gate?.Dispose();
        if (_emulator is not null)
            await _emulator.DisposeAsync();
        foreach (var packed in (string[])[Job, Job + ".disk"])
            await Command.OutputAsync("rm", "-rf", packed);
    }

    /// <summary>The binary, the policies, the image of all pods.</summary>
    private static async Task PackAsync()
    {
        await Command.OutputAsync("rm", "-rf", Job);
        if (!File.Exists(Checkout.Executable))
            throw new InvalidOperationException($"`{Checkout.Executable}` is not there: run `make build` first");
        var policies = Directory.CreateDirectory(Path.Combine(Job, "policy.d")).FullName;
        File.Copy(Checkout.Executable, Path.Combine(Job, "criguard"));
        await GoClient.BuildKubeletAsync(Path.Combine(Job, "kubelet"));
        await Command.OutputAsync("cp", "-r", Path.Combine(Checkout.Root, "node-setup", "etc"), Job);
        var shipped = Path.Combine(Checkout.Root, "profiles", "policies");
        foreach (var policy in (string[])[Path.Combine(shipped, "baseline.yaml"), Path.Combine(shipped, "apparmor.yaml"), Path.Combine(AppContext.BaseDirectory, "policy.d", "strict.yaml")])
            File.Copy(policy, Path.Combine(policies, Path.GetFileName(policy)));

        // Perl makes any system call that is asked for, and every Debian has it.
        var image = Path.Combine(AppContext.BaseDirectory, "node", "image.sh");
        await Command.OutputAsync("sh", image, Path.Combine(Job, "image.tar"), TestBed.Node.Image, "perl");
    }

    /// <summary>QEMU's emulator hangs once in many runs: a second start is told of, a third there is not.</summary>
    private async Task<Emulator> BootAsync(string made)
    {
        try
        {
            return await Emulator.StartAsync(Recipe, made, Job, BootLimit, Limit);
        }
        catch (InvalidOperationException e)
        {
            Comparison.Remark($"the machine was started once more: {e.Message}");
            return await Emulator.StartAsync(Recipe, made, Job, BootLimit, Limit);
        }
    }
}

/// <summary>All tests share the machine, and therefore run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class MachineCollection : ICollectionFixture<Machine>
{
    public const string Name = "machine";
}
