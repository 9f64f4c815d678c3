using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>The OCI runtime spec that the runtime will really start a container with, as far as it is checked (`ContainerStatus` verbose, `runtimeSpec`).</summary>
public sealed record EffectiveSpec
{
    /// <summary>Union of all five capability sets of the process, as `CAP_…` names.</summary>
    public required ImmutableSortedSet<string> Capabilities { get; init; }

    public required bool NoNewPrivileges { get; init; }

    /// <summary>`process.apparmorProfile`; empty is none.</summary>
    public required string AppArmorProfile { get; init; }

    /// <summary>`linux.seccomp.defaultAction`; null where the container has no filter at all.</summary>
    public required string? SeccompDefaultAction { get; init; }

    /// <summary>Kernel namespaces that the container does not share with the node: `pid`, `network`, `ipc`, `mount`, `uts`, `cgroup`, `user`.</summary>
    public required ImmutableSortedSet<string> OwnNamespaces { get; init; }

    /// <summary>Number of masked paths: a privileged container has none.</summary>
    public required int MaskedPaths { get; init; }
}
