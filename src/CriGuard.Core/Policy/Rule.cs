using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>What is demanded of the workloads that it matches; each control that is not named is left alone.</summary>
public sealed record Rule
{
    /// <summary>Unique over all documents of a policy.</summary>
    public required string Name { get; init; }

    public Position At { get; init; }

    public RuleMode Mode { get; init; }

    /// <summary>Of a document's `floor`: it matches everything, and exceptions reach it only where they say so.</summary>
    public bool IsFloor { get; init; }

    public Match Match { get; init; } = Match.Everything;

    /// <summary>Why it is there, for people; empty where it is not said.</summary>
    public string Reason { get; init; } = "";

    /// <summary>From then on it is not applied; null: it holds for as long as it stands in the policy.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>A level that stands for many controls; the compiler puts them beside the rule's own.</summary>
    public PodSecurityLevel? PodSecurity { get; init; }

    /// <summary>The profile given where none or Unconfined is asked for; null: not demanded.</summary>
    public SecurityProfile? Seccomp { get; init; }

    /// <summary>Bases that are put under every profile; null: none.</summary>
    public SeccompBaseSetting? SeccompBase { get; init; }

    /// <summary>`kernelModules: deny`, which stands for several controls; the compiler puts them beside the rule's own.</summary>
    public bool DeniesKernelModules { get; init; }

    /// <summary>The profile given where none or Unconfined is asked for; null: not demanded.</summary>
    public SecurityProfile? AppArmor { get; init; }

    /// <summary>With <see cref="AppArmor"/>: the profile of privileged containers, which the runtime's default does not reach; null: the same.</summary>
    public SecurityProfile? AppArmorOfPrivileged { get; init; }

    /// <summary>With <see cref="AppArmor"/>: where the kernel does not enforce that profile the container is refused instead of reported.</summary>
    public bool RefusesWithoutAppArmor { get; init; }

    public CapabilitySetting? Capabilities { get; init; }

    public bool DeniesPrivileged { get; init; }

    public HostNamespacesSetting? HostNamespaces { get; init; }

    public bool RequiresNoNewPrivileges { get; init; }

    /// <summary>With <see cref="RequiresNoNewPrivileges"/>: a container that does not ask for it is refused instead of given it.</summary>
    public bool RefusesWithoutNoNewPrivileges { get; init; }

    public SandboxSetting? Sandbox { get; init; }

    public HostPathsSetting? HostPaths { get; init; }

    public VolumesSetting? Volumes { get; init; }

    public MountsSetting? Mounts { get; init; }

    public RunAsUserSetting? RunAsUser { get; init; }

    public GroupsSetting? Groups { get; init; }

    public SeLinuxSetting? SeLinux { get; init; }

    public bool RequiresReadOnlyRoot { get; init; }

    public ProcMountSetting? ProcMount { get; init; }

    public SysctlsSetting? Sysctls { get; init; }

    public HostPortsSetting? HostPorts { get; init; }

    public bool RequiresUserNamespace { get; init; }

    public bool DeniesHostProcess { get; init; }

    public DeviceSetting? Devices { get; init; }

    public AnnotationSetting? Annotations { get; init; }

    public ImageSetting? Images { get; init; }

    public RuntimeHandlersSetting? RuntimeHandlers { get; init; }

    public ResourceSetting? Resources { get; init; }

    public LateContainersSetting? LateContainers { get; init; }

    public AccessSetting? Access { get; init; }

    public UpdatesSetting? Updates { get; init; }

    public CheckpointsSetting? Checkpoints { get; init; }

    /// <summary>That a container starts with nothing weaker than was asked for.</summary>
    public bool DeniesDrift { get; init; }

    /// <summary>True where a demand can only be checked on the effective spec of a container.</summary>
    internal bool NeedsSpec => ControlTable.Rows.Any(row => row.NeedsSpec && row.IsDemanded(this));

    /// <summary>What the rule demands something of.</summary>
    public IEnumerable<Control> Controls() => ControlTable.Rows.Where(row => row.IsDemanded(this)).Select(static row => row.Control);
}
