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

    /// <summary>Built in: the request contradicts the sandbox that the runtime has.</summary>
    Consistency,

    /// <summary>Built in: a method that this build does not know, whose name creates, restores, executes, updates or attaches.</summary>
    UnknownMethod,
}

/// <summary>Names of controls as the policy document, messages and events write them.</summary>
public static class ControlNames
{
    public static string Name(this Control control) => control switch
    {
        Control.Seccomp => "seccomp",
        Control.AppArmor => "appArmor",
        Control.Capabilities => "capabilities",
        Control.Privileged => "privileged",
        Control.HostNamespaces => "hostNamespaces",
        Control.NoNewPrivileges => "noNewPrivileges",
        Control.Sandbox => "sandbox",
        Control.Consistency => "consistency",
        Control.UnknownMethod => "unknownMethod",
        _ => throw new ArgumentOutOfRangeException(nameof(control), control, "a control without a name"),
    };
}
