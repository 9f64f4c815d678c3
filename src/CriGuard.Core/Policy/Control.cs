using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>What a finding or a change is about; each is one key of a rule in the policy document, but for those that are built in.</summary>
public enum Control
{
    Seccomp,
    AppArmor,
    Capabilities,
    Privileged,
    HostNamespaces,
    NoNewPrivileges,
    Sandbox,
    HostPaths,
    Volumes,
    Mounts,
    RunAsUser,
    Groups,
    SeLinux,
    ReadOnlyRootFilesystem,
    ProcMount,
    Sysctls,
    HostPorts,
    UserNamespaces,
    HostProcess,
    Devices,

    /// <summary>Built in too: annotations that change a runtime's behaviour are reported where no rule is about them.</summary>
    Annotations,

    /// <summary>Built in too: what is no image reference is refused without any rule.</summary>
    Images,
    RuntimeHandlers,
    Resources,
    Access,
    Updates,
    Checkpoints,
    LateContainers,

    /// <summary>Built in too: what is weaker than was asked for is reported where no rule is about it.</summary>
    Drift,

    /// <summary>Built in: the request contradicts the sandbox that the runtime has.</summary>
    Consistency,

    /// <summary>Built in: a method that this build does not know, whose name creates, restores, executes, updates or attaches.</summary>
    UnknownMethod,

    /// <summary>Built in: a container is started whose creation is not in the log.</summary>
    Unaccounted,
}

/// <summary>Names of controls as the policy document, messages and events write them: the member's name with a small first letter.</summary>
public static class ControlNames
{
    private static readonly ImmutableArray<string> s_names =
        [.. Enum.GetNames<Control>().Select(static name => string.Concat([char.ToLowerInvariant(name[0])], name.AsSpan(1)))];

    public static string Name(this Control control) => s_names[(int)control];

    /// <summary>The control that a rule of a document names so; null where there is none.</summary>
    public static Control? Find(string name) => s_names.IndexOf(name) is >= 0 and var number && ControlTable.Find((Control)number) is { } row ? row.Control : null;
}
