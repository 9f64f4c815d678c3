namespace CriGuard.Core.Workloads;

/// <summary>What of the mounts made later passes between node and container; numbers are those of the CRI's `MountPropagation`.</summary>
public enum MountPropagation
{
    Private = 0,
    HostToContainer = 1,
    Bidirectional = 2,
}
