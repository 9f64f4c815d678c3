using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>The OCI runtime spec that the runtime will really start a container with, as far as it is checked (`ContainerStatus` verbose, `runtimeSpec`).</summary>
public sealed record EffectiveSpec
{
    /// <summary>Union of all five capability sets of the process, as `CAP_…` names.</summary>
    public required ImmutableSortedSet<string> Capabilities { get; init; }

    /// <summary>The same, each by itself.</summary>
    public CapabilitySets Sets { get; init; } = CapabilitySets.None;

    public required bool NoNewPrivileges { get; init; }

    /// <summary>`process.apparmorProfile`; empty is none.</summary>
    public required string AppArmorProfile { get; init; }

    /// <summary>`linux.seccomp.defaultAction`; null where the container has no filter at all.</summary>
    public required string? SeccompDefaultAction { get; init; }

    /// <summary>The whole of it; null where the container has no filter.</summary>
    public FilterRules? Filter { get; init; }

    /// <summary>
    /// Kernel namespaces that the container does not share with the node: `pid`, `network`, `ipc`, `mount`, `uts`, `cgroup`, `user`. One that is
    /// joined by a path is not among them until someone looked whose it is (<see cref="Knowing"/>), unless it is the sandbox's own.
    /// </summary>
    public required ImmutableSortedSet<string> OwnNamespaces { get; init; }

    /// <summary>Those that are joined, by the path that stands for them: `/proc/4026/ns/net`.</summary>
    public ImmutableSortedDictionary<string, string> NamespacePaths { get; init; } = SandboxFacts.Nothing;

    /// <summary>With the namespaces that are joined and were found not to be the node's; what nobody knows stays the node's.</summary>
    /// <param name="isOfTheNode">By kind; null where nobody knows.</param>
    public EffectiveSpec Knowing(Func<string, bool?> isOfTheNode) =>
        this with { OwnNamespaces = OwnNamespaces.Union(NamespacePaths.Keys.Where(kind => isOfTheNode(kind) == false)) };

    /// <summary>`linux.maskedPaths`: a privileged container has none.</summary>
    public required ImmutableSortedSet<string> MaskedPaths { get; init; }

    /// <summary>`linux.readonlyPaths`.</summary>
    public ImmutableSortedSet<string> ReadonlyPaths { get; init; } = [];

    /// <summary>`root.readonly`.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>`process.user.uid`: what every way to name a user came to.</summary>
    public long UserId { get; init; }

    /// <summary>`process.user.gid`.</summary>
    public long GroupId { get; init; }

    /// <summary>`process.user.gid` and `additionalGids`.</summary>
    public ImmutableSortedSet<long> Groups { get; init; } = [];

    /// <summary>`process.selinuxLabel`; empty where SELinux gives none.</summary>
    public string SeLinuxLabel { get; init; } = "";

    /// <summary>`linux.uidMappings` and `gidMappings`; none without a user namespace.</summary>
    public UserNamespaceRequest UserNamespace { get; init; } = UserNamespaceRequest.None;

    /// <summary>Devices that are made in it; those that every container has are the OCI runtime's own and not listed.</summary>
    public ImmutableArray<SpecDevice> Devices { get; init; } = [];

    /// <summary>True where the device cgroup lets it read or write devices of any number.</summary>
    public bool AllDevices { get; init; }

    /// <summary>What else the device cgroup lets it read or write.</summary>
    public ImmutableArray<DeviceAccess> AllowedDevices { get; init; } = [];

    /// <summary>Programs that the OCI runtime runs on the node, as root, when the container is made, started or ended.</summary>
    public ImmutableArray<string> Hooks { get; init; } = [];

    /// <summary>`linux.cgroupsPath`: a path, or `slice:prefix:name` with systemd's driver; empty where there is none.</summary>
    public string CgroupsPath { get; init; } = "";

    /// <summary>`process.oomScoreAdj`; 0 where there is none.</summary>
    public long OomScoreAdj { get; init; }

    /// <summary>Files of cgroup v2 that are written, by name.</summary>
    public ImmutableArray<string> Unified { get; init; } = [];

    /// <summary>What of the node is bound into the container, files among it that the runtime itself made for this sandbox or container.</summary>
    public ImmutableArray<MountFacts> Mounts { get; init; } = [];

    /// <summary>What is mounted and is nothing of the node's files.</summary>
    public ImmutableArray<KernelMount> KernelMounts { get; init; } = [];

    public Launch Launch { get; init; } = Launch.Unknown;
}
