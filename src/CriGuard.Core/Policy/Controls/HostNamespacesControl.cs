using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Which of the node's namespaces a workload may not share.</summary>
public sealed record HostNamespacesSetting(bool Network, bool Pid, bool Ipc)
{
    public static HostNamespacesSetting All { get; } = new(Network: true, Pid: true, Ipc: true);
}

/// <summary>Host namespaces: refused, never changed, since the kubelet re-creates a sandbox whose network mode is not the pod's (T-C5).</summary>
internal static class HostNamespacesControl
{
    private const string Field = "config.linux.security_context.namespace_options";
    private const string SpecField = "runtimeSpec.linux.namespaces";

    private static readonly Kind[] Kinds =
    [
        new("network", static s => s.Network, static m => m.Network, "hostNetwork"),
        new("pid", static s => s.Pid, static m => m.Pid, "hostPID"),
        new("ipc", static s => s.Ipc, static m => m.Ipc, "hostIPC"),
    ];

    public static IEnumerable<string> Denied(HostNamespacesSetting setting) => Kinds.Where(k => k.Denied(setting)).Select(static k => k.Name);

    public static void Judge(Judgement judgement, SandboxFacts facts) => Judge(judgement, Words.Pod(facts.Pod), facts.Namespaces, facts.Namespaces);

    /// <summary>CRI-O follows the container, containerd the sandbox (T-C3): neither may ask.</summary>
    public static void Judge(Judgement judgement, ContainerFacts facts) =>
        Judge(judgement, Words.Container(facts.Name), facts.Namespaces, facts.Sandbox.Namespaces);

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        foreach (var kind in Kinds)
        {
            if (!spec.OwnNamespaces.Contains(kind.Name) && judgement.FirstRule(r => r.HostNamespaces is { } s && kind.Denied(s)) is { } rule)
                judgement.Refuse(
                    rule, Control.HostNamespaces, SpecField,
                    $"{Words.Container(facts.ContainerName)} would start in the node's {kind.Name} namespace", $"set `{kind.PodField}` to false");
        }
    }

    private static void Judge(Judgement judgement, string subject, NamespaceModes asked, NamespaceModes sandbox)
    {
        foreach (var kind in Kinds)
        {
            if (kind.Mode(asked) != NamespaceMode.Node && kind.Mode(sandbox) != NamespaceMode.Node)
                continue;
            if (judgement.FirstRule(r => r.HostNamespaces is { } s && kind.Denied(s)) is { } rule)
                judgement.Refuse(
                    rule, Control.HostNamespaces, $"{Field}.{kind.Name}", $"{subject} shares the node's {kind.Name} namespace",
                    $"set `{kind.PodField}` to false");
        }
    }

    /// <summary>Name in the CRI and in OCI specs, place in a setting and in a request, field of the pod.</summary>
    private sealed record Kind(string Name, Func<HostNamespacesSetting, bool> Denied, Func<NamespaceModes, NamespaceMode> Mode, string PodField);
}
