using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>One thing that is mounted into a container: as it was asked for, or as the runtime's spec has it.</summary>
public sealed record MountFacts
{
    public required string ContainerPath { get; init; }

    /// <summary>As it was sent: the runtime follows symbolic links only after us (T-M2). Empty for an image volume.</summary>
    public string HostPath { get; init; } = "";

    /// <summary>Where the path leads; null where nobody looked, which counts as not known.</summary>
    public HostTarget? Target { get; init; }

    public bool ReadOnly { get; init; }

    public bool RecursiveReadOnly { get; init; }

    public bool SelinuxRelabel { get; init; }

    public MountPropagation Propagation { get; init; }

    /// <summary>True where an id of the container is mapped to id 0 of the node.</summary>
    public bool MapsHostRoot { get; init; }

    /// <summary>True for an image volume (KEP-4639): `images` judges of what.</summary>
    public bool IsImage { get; init; }

    /// <summary>`mount_options`, as they were sent.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}
