using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Sandboxes;
using CriGuard.Cri.Facts;
using CriGuard.Daemon;
using CriGuard.Doctor;
using CriGuard.Linux;
using CriGuard.Setup;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using CriGuard.Store.Profiles;
using CriGuard.Store.Status;

namespace CriGuard.Tests.Doctor;

/// <summary>A node on which all is well, and one thing after the other that is not.</summary>
public sealed class CheckupTests
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    private static readonly PolicyReading Enforcing = Policy("enforce", "privileged: deny");

    private static readonly NodeState Well = new()
    {
        Now = Now,
        Version = "1.2.3",
        Options = new DaemonOptions
        {
            Listen = new UnixEndpoint("/run/criguard/criguard.sock"), Runtime = new UnixEndpoint("/run/containerd/containerd.sock"), Policy = "/etc/criguard/policy.d", Node = "n1",
        },
        Status = new DaemonStatus
        {
            Time = Now, Pid = 77, Started = Now.AddHours(-1), Version = "1.2.3", Listen = "unix:///run/criguard/criguard.sock", Runtime = "unix:///run/containerd/containerd.sock",
            Policy = "/etc/criguard/policy.d", Revision = Enforcing.Policy!.Revision,
        },
        Files = new GateFiles
        {
            Listen = Access(FileStat.Socket, Private | UnixFileMode.GroupRead | UnixFileMode.GroupWrite), Runtime = Access(FileStat.Socket, Private), State = Access(FileStat.Directory, Private),
        },
        Policy = Enforcing,
        Log = new LogState(new LogProof(3, ChainPosition.Start, 0, Fault: null), FreeBytes: 1L << 40),
        Kubelet = KubeletOf("--container-runtime-endpoint=unix:///run/criguard/criguard.sock", "--seccomp-default"),
        Connections = new Connections([77, 900], [77], new Dictionary<int, string> { [77] = "/usr/bin/criguard", [900] = "/usr/bin/kubelet", [5] = "/usr/bin/crictl" }),
        Runtime = new RuntimeState("containerd 1.6.20", ["runc"], new RuntimeSettings { Handlers = [Handler] }),
        Host = new HostState { AppArmor = [.. AppArmorSource.Shipped.Select(static s => s.Name)], ClockIsSynchronised = true },
    };

    private static HandlerSettings Handler => new("runc", ["example.com/key"], "", GivesAllDevices: false);

    public static IEnumerable<object[]> Faults => Planted.Select(static p => new object[] { p.Check, p.Word });

    private static (string Check, CheckOutcome Outcome, string Word, Func<NodeState, NodeState> Plant)[] Planted =>
    [
        ("daemon", CheckOutcome.Fault, "no daemon runs", static n => n with { Status = null, Connections = n.Connections with { Runtime = [] } }),
        ("daemon", CheckOutcome.Fault, "last said something at 2026-11-22 01:10:00Z", static n => n with { Status = n.Status! with { Time = Now.AddMinutes(-10) } }),
        ("version", CheckOutcome.Warning, "the daemon is 1.2.2", static n => n with { Status = n.Status! with { Version = "1.2.2" } }),
        ("bypass", CheckOutcome.Fault, "until 2026-11-22 01:30:00Z", static n => n with { Status = n.Status! with { BypassedUntil = Now.AddMinutes(10) } }),
        ("policy", CheckOutcome.Fault, "`sometimes`", static n => n with { Policy = Policy("enforce", "privileged: sometimes") }),
        ("policy", CheckOutcome.Fault, "in force is 000000000000", static n => n with { Status = n.Status! with { Revision = "000000000000" } }),
        ("enforcement", CheckOutcome.Warning, "nothing is refused", static n => With(n, Policy("audit", "privileged: deny"))),
        ("exceptions", CheckOutcome.Warning, "`old` of team-a", static n => With(n, Policy("enforce", "privileged: deny", Now.AddDays(-1)))),
        ("log-proof", CheckOutcome.Fault, "cannot be opened", static n => n with { Log = n.Log with { Proof = null, Problem = "the log cannot be opened" } }),
        ("log-proof", CheckOutcome.Fault, "line 7 was changed", static n => n with { Log = n.Log with { Proof = n.Log.Proof! with { Fault = new ChainFault(ChainFaultKind.Changed, new LinePlace("a.jsonl", 7), "line 7 was changed") } } }),
        ("log-space", CheckOutcome.Fault, "9 MiB", static n => n with { Log = n.Log with { FreeBytes = 9 << 20 } }),
        ("socket", CheckOutcome.Fault, "is not there", static n => n with { Files = n.Files with { Listen = new FileAccessState() } }),
        ("socket", CheckOutcome.Fault, "has mode 702", static n => n with { Files = n.Files with { Listen = Access(FileStat.Socket, Private | UnixFileMode.OtherWrite) } }),
        ("runtime-socket", CheckOutcome.Fault, "is no socket", static n => n with { Files = n.Files with { Runtime = Access(FileStat.Ordinary, Private) } }),
        ("runtime-socket", CheckOutcome.Fault, "belongs to user 1000", static n => n with { Files = n.Files with { Runtime = Access(FileStat.Socket, Private, uid: 1000) } }),
        ("state", CheckOutcome.Fault, "has mode 750", static n => n with { Files = n.Files with { State = Access(FileStat.Directory, Private | UnixFileMode.GroupRead | UnixFileMode.GroupExecute) } }),
        ("state", CheckOutcome.Fault, "/var is theirs to write", static n => n with { Files = n.Files with { State = n.Files.State with { OpenParent = "/var" } } }),
        ("kubelet", CheckOutcome.Unknown, "none runs", static n => n with { Kubelet = null }),
        ("kubelet-endpoint", CheckOutcome.Fault, "containerd.sock", static n => n with { Kubelet = KubeletOf("--image-service-endpoint=/run/criguard/criguard.sock", "--seccomp-default") }),
        ("image-endpoint", CheckOutcome.Fault, "images.sock", static n => n with { Kubelet = KubeletOf("--container-runtime-endpoint=/run/criguard/criguard.sock", "--image-service-endpoint", "/run/images.sock", "--seccomp-default") }),
        ("kubelet-connected", CheckOutcome.Fault, "pid 900", static n => n with { Connections = n.Connections with { Listen = [77] } }),
        ("kubelet-connected", CheckOutcome.Unknown, "the kernel does not tell", static n => n with { Connections = n.Connections with { Listen = null } }),
        ("direct-clients", CheckOutcome.Fault, "/usr/bin/crictl (pid 5)", static n => n with { Connections = n.Connections with { Runtime = [5, 77] } }),
        ("seccomp-default", CheckOutcome.Warning, "asks for none", static n => n with { Kubelet = KubeletOf("--container-runtime-endpoint=/run/criguard/criguard.sock") }),
        ("runtime", CheckOutcome.Fault, "nothing answers on unix:///run/containerd", static n => n with { Runtime = null }),
        ("handlers", CheckOutcome.Fault, "no runsc", static n => With(n, Policy("enforce", "sandbox: gvisor"))),
        ("runtime-settings", CheckOutcome.Unknown, "does not tell", static n => n with { Runtime = n.Runtime! with { Settings = null } }),
        ("annotations", CheckOutcome.Warning, "runc (io.katacontainers.*)", static n => With(n, Handler with { Annotations = ["io.katacontainers.*"] })),
        ("base-spec", CheckOutcome.Warning, "runc (/etc/base.json)", static n => With(n, Handler with { BaseSpec = "/etc/base.json" })),
        ("privileged-devices", CheckOutcome.Warning, "on for runc", static n => With(n, Handler with { GivesAllDevices = true })),
        ("runtime-apparmor", CheckOutcome.Fault, "disable_apparmor", static n => n with { Runtime = n.Runtime! with { Settings = n.Runtime.Settings! with { AppArmorOff = true } } }),
        ("apparmor", CheckOutcome.Warning, "without AppArmor", static n => n with { Host = n.Host with { AppArmor = null } }),
        ("apparmor", CheckOutcome.Fault, "criguard-default", static n => n with { Host = n.Host with { AppArmor = ["criguard-privileged"] } }),
        ("nri", CheckOutcome.Warning, "/opt/nri/plugins/10-x", static n => n with { Host = n.Host with { NriPlugins = ["/opt/nri/plugins/10-x"] } }),
        ("hooks", CheckOutcome.Warning, "/etc/hook.json", static n => n with { Host = n.Host with { HookFiles = ["/etc/hook.json"] } }),
        ("cdi", CheckOutcome.Warning, "/etc/cdi/gpu.yaml", static n => n with { Host = n.Host with { CdiFiles = ["/etc/cdi/gpu.yaml"] } }),
        ("modules", CheckOutcome.Warning, "would load 2 modules", static n => n with { Host = n.Host with { LoadableModules = ["sctp", "kcm"] } }),
        ("clock", CheckOutcome.Warning, "not kept", static n => n with { Host = n.Host with { ClockIsSynchronised = false } }),
        ("clock", CheckOutcome.Fault, "the daemon spoke at 2026-11-22 02:20:00Z", static n => n with { Status = n.Status! with { Time = Now.AddHours(1) } }),
    ];

    [Fact]
    public void Nothing_is_said_of_a_node_on_which_all_is_well() =>
        Assert.Empty(Checkup.Of(Well).Where(static check => check.Outcome != CheckOutcome.Good || check.Remedy.Length > 0));

    [Theory]
    [MemberData(nameof(Faults))]
    public void Each_fault_is_named_alone_and_with_what_to_do(string name, string word)
    {
        var planted = Planted.Single(p => (p.Check, p.Word) == (name, word));

        var found = Assert.Single(Checkup.Of(planted.Plant(Well)), static check => check.Outcome != CheckOutcome.Good);

        Assert.Equal((name, planted.Outcome), (found.Name, found.Outcome));
        Assert.Contains(word, found.Seen, StringComparison.Ordinal);
        Assert.NotEmpty(found.Remedy);
    }

    [Fact]
    public void A_node_that_loads_no_modules_any_more_needs_no_rules_for_them()
    {
        var node = Well with { Host = Well.Host with { LoadableModules = ["sctp"], ModulesDisabled = true } };

        Assert.Equal(CheckOutcome.Good, Checkup.Of(node).Single(static c => c.Name == "modules").Outcome);
    }

    private static FileAccessState Access(int type, UnixFileMode mode, uint uid = 0) => new(new FileStat(type, mode, uid, 0, default, 0, 0));

    private static RunningKubelet KubeletOf(params string[] arguments) => RunningKubelet.Find([new NodeProcess(900, 1, "/usr/bin/kubelet", ["kubelet", .. arguments])], new NodePaths())!;

    private static NodeState With(NodeState node, PolicyReading policy) => node with { Policy = policy, Status = node.Status! with { Revision = policy.Policy!.Revision } };

    private static NodeState With(NodeState node, HandlerSettings handler) => node with { Runtime = node.Runtime! with { Settings = new RuntimeSettings { Handlers = [handler] } } };

    private static PolicyReading Policy(string mode, string rule, DateTimeOffset? expires = null)
    {
        using var directory = new TempDirectory();
        var exception = expires is { } end
            ? $"exceptions: [{{ name: old, control: privileged, match: {{ namespaces: [a] }}, reason: r, owner: team-a, expires: {end.UtcDateTime:yyyy-MM-dd} }}]"
            : "";
        return PolicyReader.Read(directory.Write("policy.yaml", $"""
            apiVersion: criguard.io/v1
            kind: NodePolicy
            metadata: {"{"} name: test {"}"}
            handlers: [{"{"} name: runsc, level: gvisor {"}"}]
            rules: [{"{"} name: test, mode: {mode}, {rule} {"}"}]
            {exception}
            """));
    }
}
