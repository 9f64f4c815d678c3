using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Namespaces that a container is asked to have for itself or with its pod, its user namespace, and its place among the cgroups.</summary>
internal static class NamespaceDrift
{
    private const char Slash = '/';

    public static IEnumerable<Deviation> Between(StartFacts facts, ContainerFacts asked, EffectiveSpec spec)
    {
        if (Own(facts.Sandbox.Namespaces, asked.Namespaces).Except(spec.OwnNamespaces).ToList() is { Count: > 0 } shared)
            yield return new Deviation(Aspect.Namespaces, $"the node's {Words.List(shared)} namespace, which it does not ask for");
        foreach (var (kind, path) in Strangers(facts.Sandbox, asked.Namespaces, spec))
            yield return new Deviation(Aspect.Namespaces, $"the {Words.Quote(kind)} namespace {Words.Quote(path)}, which is not its sandbox's");
        var users = asked.UserNamespace;
        if (!users.OfTheNode && (!spec.OwnNamespaces.Contains("user") || !users.Equals(spec.UserNamespace)))
            yield return new Deviation(Aspect.UserNamespace, spec.UserNamespace.OfTheNode ? "the users of the node, and a namespace of its own is asked for" : "other users of the node than are asked for");
        if (Cgroup(facts.Sandbox.CgroupParent, spec.CgroupsPath) is { } cgroup)
            yield return new Deviation(Aspect.Cgroup, cgroup);
    }

    private static IEnumerable<string> Own(NamespaceModes pod, NamespaceModes container)
    {
        yield return "mount";
        if (pod.Network != NamespaceMode.Node)
        {
            yield return "network";
            yield return "uts";
        }

        if (pod.Ipc != NamespaceMode.Node && container.Ipc != NamespaceMode.Node)
            yield return "ipc";
        if (pod.Pid != NamespaceMode.Node && container.Pid != NamespaceMode.Node)
            yield return "pid";
    }

    /// <summary>containerd joins what is the pod's by the process of its sandbox; that of another container may be asked for (TARGET).</summary>
    private static IEnumerable<KeyValuePair<string, string>> Strangers(SandboxFacts sandbox, NamespaceModes asked, EffectiveSpec spec) => sandbox.ProcessId <= 0
        ? []
        : spec.NamespacePaths.Where(joined =>
            joined.Value.StartsWith("/proc/", StringComparison.Ordinal)
            && spec.OwnNamespaces.Contains(joined.Key)
            && !sandbox.HasNamespace(joined.Value)
            && !(joined.Key == "pid" && asked.Pid == NamespaceMode.Target));

    private static string? Cgroup(string? parent, string path)
    {
        if (string.IsNullOrEmpty(parent))
            return null;
        // With systemd's driver: `slice:prefix:name`, the slice without those that hold it.
        var colon = path.IndexOf(':', StringComparison.Ordinal);
        var holds = colon < 0 ? NodePath.Parent(NodePath.Clean(path)) == NodePath.Clean(parent) : path[..colon] == parent[(parent.LastIndexOf(Slash) + 1)..];
        if (holds && path.Length > 0)
            return null;
        return path.Length == 0 ? "no cgroup of its own" : $"the cgroup {Words.Quote(path)}, which is not in its pod's, {Words.Quote(parent)}";
    }
}
