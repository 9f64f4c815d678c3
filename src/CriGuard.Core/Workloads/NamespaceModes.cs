namespace CriGuard.Core.Workloads;

/// <summary>Whose kernel namespace is used; numbers are those of the CRI's `NamespaceMode`.</summary>
public enum NamespaceMode
{
    Pod = 0,
    Container = 1,
    Node = 2,
    Target = 3,
}

/// <summary>The namespaces that a sandbox or a container asks for (`NamespaceOption`; all Pod where it is not sent).</summary>
public sealed record NamespaceModes(NamespaceMode Network, NamespaceMode Pid, NamespaceMode Ipc)
{
    public static NamespaceModes Default { get; } = new(NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Pod);
}
