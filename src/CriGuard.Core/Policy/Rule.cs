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

    public Match Match { get; init; } = Match.Everything;

    /// <summary>The profile given where none or Unconfined is asked for; null: not demanded.</summary>
    public SecurityProfile? Seccomp { get; init; }

    /// <summary>The profile given where none or Unconfined is asked for; null: not demanded.</summary>
    public SecurityProfile? AppArmor { get; init; }

    public CapabilitySetting? Capabilities { get; init; }

    public bool DeniesPrivileged { get; init; }

    public HostNamespacesSetting? HostNamespaces { get; init; }

    public bool RequiresNoNewPrivileges { get; init; }

    public SandboxSetting? Sandbox { get; init; }

    /// <summary>True where a demand can only be checked on the effective spec of a container.</summary>
    internal bool NeedsSpec =>
        Seccomp is not null || AppArmor is not null || Capabilities is not null
        || DeniesPrivileged || HostNamespaces is not null || RequiresNoNewPrivileges;

    /// <summary>What the rule demands something of.</summary>
    public IEnumerable<Control> Controls()
    {
        (Control Control, bool Demanded)[] all =
        [
            (Control.Seccomp, Seccomp is not null),
            (Control.AppArmor, AppArmor is not null),
            (Control.Capabilities, Capabilities is not null),
            (Control.Privileged, DeniesPrivileged),
            (Control.HostNamespaces, HostNamespaces is not null),
            (Control.NoNewPrivileges, RequiresNoNewPrivileges),
            (Control.Sandbox, Sandbox is not null),
        ];
        return all.Where(static c => c.Demanded).Select(static c => c.Control);
    }
}
