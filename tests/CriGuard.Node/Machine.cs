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
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(600);

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
        var names = new NodeNames(
            static pod => $"/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod{pod.Uid.Replace('-', '_')}.slice",
            static _ => "");
        Shell = new Shell(_emulator.Shell);
        Straight = new Kubelet(names, _emulator.Runtime);
        Gate = new Kubelet(names, _emulator.Gate);
        await RunAsync("systemctl start criguard || { journalctl --no-pager -u criguard; exit 1; }");
    }

    /// <summary>Runs a script as root of the machine; returns what it wrote.</summary>
    public Task<string> RunAsync(string script) => Shell.RunAsync(script, Patience);

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
