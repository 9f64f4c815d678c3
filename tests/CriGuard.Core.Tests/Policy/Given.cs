using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>The pod, the node and the policies that tests begin with.</summary>
internal static class Given
{
    public static ImmutableArray<HandlerEntry> Handlers { get; } =
        [new("runc", IsolationLevel.Runc), new("runsc", IsolationLevel.Gvisor), new("kata", IsolationLevel.Kata)];

    public static NodeFacts Node { get; } = new()
    {
        AppArmorProfiles = ImmutableSortedSet.Create(StringComparer.Ordinal, "cri-containerd.apparmor.d", "tenant"),
        RuntimeHandlers = ImmutableSortedSet.Create(StringComparer.Ordinal, "runc", "runsc", "kata"),
    };

    public static SandboxFacts Sandbox { get; } = new() { Pod = new PodIdentity("shop", "web-0", "uid-1"), Privileged = false };

    public static ContainerFacts Container { get; } = new()
    {
        Sandbox = Sandbox,
        Resent = Sandbox,
        Name = "web",
        Image = new ImageFacts("sha256:0123", "registry.example/web:1"),
    };

    public static EffectiveSpec Spec { get; } = new()
    {
        Capabilities = ImmutableSortedSet.Create(StringComparer.Ordinal, "CAP_CHOWN"),
        NoNewPrivileges = true,
        AppArmorProfile = "cri-containerd.apparmor.d",
        SeccompDefaultAction = "SCMP_ACT_ERRNO",
        OwnNamespaces = ImmutableSortedSet.Create(StringComparer.Ordinal, "pid", "network", "ipc", "mount", "uts"),
        MaskedPaths = ProcMountSetting.Masked.ToImmutableSortedSet(StringComparer.Ordinal),
    };

    public static StartFacts Start { get; } = new() { Sandbox = Sandbox, ContainerName = "web", Image = Container.Image, Spec = Spec };

    public static AccessFacts Exec { get; } = new()
    {
        Method = "Exec",
        Unknown = false,
        ContainerId = "c0de",
        Sandbox = Sandbox,
        ContainerName = "web",
        Image = Container.Image,
        Executable = "sh",
    };

    public static Rule Rule(string name = "tenants") => new() { Name = name };

    public static SandboxFacts With(this SandboxFacts sandbox, params (string Key, string Value)[] labels) =>
        sandbox with { Labels = labels.ToImmutableSortedDictionary(static l => l.Key, static l => l.Value, StringComparer.Ordinal) };

    public static ContainerFacts In(this ContainerFacts container, SandboxFacts sandbox) => container with { Sandbox = sandbox, Resent = sandbox };

    /// <summary>In a pod with a container `web`, whose processes it names.</summary>
    public static ContainerFacts BesideWeb(this ContainerFacts container) =>
        container with { PidTarget = "c0de", Neighbours = [new Neighbour("c0de", "web", Running: true, DateTimeOffset.UnixEpoch)] };

    public static CapabilitySetting Allow(CapabilityAction action, params string[] names) => new(CapabilitySet.Of(names), action);

    public static ContainerFacts Asking(string[]? add = null, string[]? drop = null, string[]? ambient = null) =>
        Container with { Capabilities = new CapabilityRequest([.. add ?? []], [.. drop ?? []], [.. ambient ?? []]) };

    public static CompiledPolicy Policy(params Rule[] rules) => Compile([.. rules]);

    public static CompiledPolicy Compile(IEnumerable<Rule> rules, UnknownMethods? unknown = null)
    {
        var reading = PolicyCompiler.Compile(
            [new PolicyDocument { Name = "test", UnknownMethods = unknown, Handlers = Handlers, Rules = [.. rules] }]);
        Assert.Empty(reading.Errors);
        return reading.Policy!;
    }

    public static Verdict Judge(this Rule rule, ContainerFacts container, NodeFacts? node = null) =>
        Engine.Evaluate(Policy(rule), node ?? Node, container);

    public static Verdict Judge(this Rule rule, SandboxFacts sandbox, NodeFacts? node = null) => Engine.Evaluate(Policy(rule), node ?? Node, sandbox);

    public static Verdict Judge(this Rule rule, StartFacts start, NodeFacts? node = null) => Engine.Evaluate(Policy(rule), node ?? Node, start);

    public static Verdict Judge(this Rule rule, AccessFacts access, NodeFacts? node = null) => Engine.Evaluate(Policy(rule), node ?? Node, access);

    /// <summary>The message that a person would read; the verdict must be a refusal.</summary>
    public static string Refusal(this Verdict verdict)
    {
        Assert.False(verdict.TryPermit(out _, out var refusal));
        return refusal.Message;
    }

    /// <summary>The one change; the verdict must be a permit.</summary>
    public static Change TheChange(this Verdict verdict)
    {
        Assert.True(verdict.TryPermit(out var permit, out _));
        return Assert.Single(permit.Changes);
    }

    /// <summary>The verdict must permit and change nothing; gives what it still says.</summary>
    public static IEnumerable<string> Untouched(this Verdict verdict)
    {
        Assert.True(verdict.TryPermit(out var permit, out _));
        Assert.Empty(permit.Changes);
        return verdict.Findings.Select(static f => f.Message);
    }
}
