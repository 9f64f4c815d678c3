namespace CriGuard.Core.Enforcement;

/// <summary>What of a container is proven: each is a row of `criguard inspect`.</summary>
public enum Aspect
{
    Seccomp,
    AppArmor,
    SeLinux,
    Capabilities,
    NoNewPrivileges,
    User,
    UserNamespace,
    Namespaces,
    Mounts,
    Devices,
    Masks,
    ReadOnlyRoot,
    Cgroup,
    Hooks,
    EntryPoint,
}

/// <summary>Where an aspect stands in the runtime's spec.</summary>
public static class AspectFields
{
    /// <summary>Path in the runtime's verbose status of a container.</summary>
    public static string Field(this Aspect aspect) => "runtimeSpec." + aspect switch
    {
        Aspect.Seccomp => "linux.seccomp",
        Aspect.AppArmor => "process.apparmorProfile",
        Aspect.SeLinux => "process.selinuxLabel",
        Aspect.Capabilities => "process.capabilities",
        Aspect.NoNewPrivileges => "process.noNewPrivileges",
        Aspect.User => "process.user",
        Aspect.UserNamespace => "linux.uidMappings",
        Aspect.Namespaces => "linux.namespaces",
        Aspect.Mounts => "mounts",
        Aspect.Devices => "linux.devices",
        Aspect.Masks => "linux.maskedPaths",
        Aspect.ReadOnlyRoot => "root.readonly",
        Aspect.Cgroup => "linux.cgroupsPath",
        Aspect.Hooks => "hooks",
        _ => "process.args",
    };
}
