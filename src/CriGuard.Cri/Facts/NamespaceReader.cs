using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using NamespaceMode = CriGuard.Core.Workloads.NamespaceMode;

namespace CriGuard.Cri.Facts;

/// <summary>Namespaces that a sandbox or a container asks for; absent ones are the pod's own, as both runtimes read them.</summary>
internal static class NamespaceReader
{
    public static NamespaceModes Read(NamespaceOption? option) => option is null
        ? NamespaceModes.Default
        : new NamespaceModes(Mode((int)option.Network), Mode((int)option.Pid), Mode((int)option.Ipc));

    /// <summary>A number that no version of the CRI has reads as the node's namespace, the weakest there is.</summary>
    public static NamespaceMode Mode(int number) =>
        number is >= (int)NamespaceMode.Pod and <= (int)NamespaceMode.Target ? (NamespaceMode)number : NamespaceMode.Node;
}
