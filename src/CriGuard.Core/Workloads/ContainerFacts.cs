using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What CreateContainer asks for, in the sandbox as the runtime has it.</summary>
public sealed record ContainerFacts
{
    /// <summary>The sandbox as it was run: from the runtime's status, not from the copy that the request sends again.</summary>
    public required SandboxFacts Sandbox { get; init; }

    /// <summary>The copy of the sandbox's configuration in this request; null where none was sent. Labels edited since show here.</summary>
    public SandboxFacts? Resent { get; init; }

    /// <summary>`ContainerMetadata.name`, the container's name in the pod.</summary>
    public required string Name { get; init; }

    public required ImageFacts Image { get; init; }

    public bool Privileged { get; init; }

    public NamespaceModes Namespaces { get; init; } = NamespaceModes.Default;

    /// <summary>Id of the container whose processes it wants to see (`target_id`); empty where none is named.</summary>
    public string PidTarget { get; init; } = "";

    /// <summary>True where it shares the pid namespace of another container.</summary>
    public bool JoinsProcesses => Namespaces.Pid == NamespaceMode.Target;

    public CapabilityRequest Capabilities { get; init; } = CapabilityRequest.None;

    public bool NoNewPrivileges { get; init; }

    /// <summary>Effective request after the runtime's own order of the new and the deprecated field; null where neither was sent.</summary>
    public SecurityProfile? Seccomp { get; init; }

    /// <summary>Effective request after the runtime's own order of the new and the deprecated field; null where neither was sent.</summary>
    public SecurityProfile? AppArmor { get; init; }

    public UserRequest User { get; init; } = UserRequest.None;

    public SeLinuxRequest SeLinux { get; init; } = SeLinuxRequest.None;

    public UserNamespaceRequest UserNamespace { get; init; } = UserNamespaceRequest.None;

    /// <summary>`readonly_rootfs`.</summary>
    public bool ReadOnlyRoot { get; init; }

    /// <summary>`masked_paths`: what of /proc and /sys the container does not see; all of it is there where the list is empty (T-G1).</summary>
    public ImmutableArray<string> MaskedPaths { get; init; } = [];

    /// <summary>`readonly_paths`.</summary>
    public ImmutableArray<string> ReadonlyPaths { get; init; } = [];

    /// <summary>`windows.security_context.host_process`, which no Linux runtime reads (T-W).</summary>
    public bool AsksForHostProcess { get; init; }

    /// <summary>The container's own; the pod's are those of its sandbox.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = SandboxFacts.Nothing;

    public ImmutableArray<DeviceRequest> Devices { get; init; } = [];

    /// <summary>`CDI_devices`: `vendor.com/class=name`.</summary>
    public ImmutableArray<string> CdiDevices { get; init; } = [];

    /// <summary>Mounts whose content is an image (KEP-4639).</summary>
    public ImmutableArray<ImageVolume> ImageVolumes { get; init; } = [];

    /// <summary>0 where none was sent.</summary>
    public long OomScoreAdj { get; init; }

    /// <summary>Files of cgroup v2 that would be written, by name.</summary>
    public ImmutableArray<string> Unified { get; init; } = [];

    public ImmutableArray<MountFacts> Mounts { get; init; } = [];

    /// <summary>`ContainerConfig.log_path`: below the sandbox's log directory.</summary>
    public string LogPath { get; init; } = "";

    /// <summary>The containers that its sandbox has; null where nobody asked.</summary>
    public ImmutableArray<Neighbour>? Neighbours { get; init; }

    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];
}
