using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>A mount of a runtime spec that binds nothing of the node: proc, sysfs, tmpfs, cgroup, or a device's file system.</summary>
public sealed record KernelMount(string Type, string ContainerPath, bool ReadOnly)
{
    /// <summary>As they stand in the spec: of an overlay, the directories that it shows.</summary>
    public ImmutableArray<string> Options { get; init; } = [];
}
