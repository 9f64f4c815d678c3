using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>How things may be mounted, whatever they are.</summary>
public sealed record MountsSetting
{
    /// <summary>The most that may be shared of mounts made later; null: not demanded.</summary>
    public MountPropagation? Propagation { get; init; }

    /// <summary>Nothing over `/`, `/proc`, `/sys` and `/dev` but what kubelets put there (T-G3).</summary>
    public bool ProtectsContainerPaths { get; init; }

    /// <summary>What happens to a read-only mount of the node below which other mounts stay writable (T-M7).</summary>
    public RecursiveReadOnly? RecursiveReadOnly { get; init; }

    /// <summary>New SELinux labels only inside the kubelet's directory of the pod (T-A7).</summary>
    public bool RelabelsPodsOnly { get; init; }

    /// <summary>Of the options that a request adds only those that take something away (T-M9).</summary>
    public bool TighteningOptionsOnly { get; init; }

    /// <summary>No mapping of ids onto the node's root (T-M10).</summary>
    public bool DeniesHostRoot { get; init; }
}

/// <summary>What happens to a mount that is read-only and not recursively so.</summary>
public enum RecursiveReadOnly
{
    Report,
    Require,
}
