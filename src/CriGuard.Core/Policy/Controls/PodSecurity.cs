using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>A level of the Pod Security Standards of Kubernetes (kubernetes.io/docs/concepts/security/pod-security-standards, 1.35).</summary>
public enum PodSecurityLevel
{
    Baseline,
    Restricted,
}

/// <summary>
/// What a level stands for in the controls of this gate. What a request does not tell is left to admission: the host of probes and hooks,
/// and whether a seccomp profile was left out or refused, so a container without one is given the runtime's.
/// </summary>
internal static class PodSecurity
{
    private static readonly CapabilitySet BaselineCapabilities = CapabilitySet.Of(
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID",
        "SYS_CHROOT");

    private static readonly ImmutableArray<string> SeLinuxTypes = ["container_t", "container_init_t", "container_kvm_t", "container_engine_t"];

    /// <summary>Those that belong to the pod alone.</summary>
    private static readonly ImmutableArray<Glob> SafeSysctls =
    [
        new("kernel.shm_rmid_forced"), new("net.ipv4.ip_local_port_range"), new("net.ipv4.ip_local_reserved_ports"),
        new("net.ipv4.ip_unprivileged_port_start"), new("net.ipv4.ping_group_range"), new("net.ipv4.tcp_fin_timeout"),
        new("net.ipv4.tcp_keepalive_intvl"), new("net.ipv4.tcp_keepalive_probes"), new("net.ipv4.tcp_keepalive_time"), new("net.ipv4.tcp_rmem"),
        new("net.ipv4.tcp_syncookies"), new("net.ipv4.tcp_wmem"),
    ];

    /// <summary>The rule with its own controls, if it has any, and one of the same name with those of its level: the strictest of both counts.</summary>
    public static IEnumerable<Rule> Expand(Rule rule)
    {
        if (rule.PodSecurity is not { } level)
            return [rule];
        var bundle = level == PodSecurityLevel.Baseline ? Baseline(Bare(rule)) : Restricted(Bare(rule));
        return rule.Controls().Any() ? [rule with { PodSecurity = null }, bundle] : [bundle];
    }

    private static Rule Bare(Rule rule) => new() { Name = rule.Name, At = rule.At, Mode = rule.Mode, IsFloor = rule.IsFloor, Match = rule.Match };

    private static Rule Baseline(Rule rule) => rule with
    {
        DeniesHostProcess = true,
        HostNamespaces = HostNamespacesSetting.All,
        DeniesPrivileged = true,
        Capabilities = new CapabilitySetting(BaselineCapabilities, CapabilityAction.Refuse) { KeepsDefaults = true },
        HostPaths = HostPathsSetting.DenyAll,
        HostPorts = new HostPortsSetting([]),
        AppArmor = SecurityProfile.RuntimeDefault,
        SeLinux = new SeLinuxSetting(SeLinuxTypes),
        ProcMount = new ProcMountSetting(Fix: false),
        Seccomp = SecurityProfile.RuntimeDefault,
        Sysctls = new SysctlsSetting(SafeSysctls),
    };

    private static Rule Restricted(Rule rule) => Baseline(rule) with
    {
        Volumes = VolumesSetting.Restricted,
        RequiresNoNewPrivileges = true,
        RefusesWithoutNoNewPrivileges = true,
        RunAsUser = new RunAsUserSetting(NonRoot: true, []),
        Capabilities = new CapabilitySetting(CapabilitySet.Of("NET_BIND_SERVICE"), CapabilityAction.Refuse) { RequiresDropAll = true },
    };
}
