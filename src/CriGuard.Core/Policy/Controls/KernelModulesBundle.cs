using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// `kernelModules: deny`: one name for all that keeps a workload from loading kernel modules, or from making the kernel load some (T-Q9, T-Q10). Findings
/// and exceptions name the controls that it stands for.
/// </summary>
internal static class KernelModulesBundle
{
    /// <summary>The profile that ships for privileged containers (profiles/apparmor).</summary>
    private const string OfPrivileged = "criguard-privileged";

    /// <summary>Where modules lie, and where the kernel is told how to load them (T-M12); reading them does no harm.</summary>
    private static readonly ImmutableArray<string> Paths =
    [
        "/lib/modules", "/usr/lib/modules", "/etc/modprobe.d", "/etc/modules-load.d", "/sys/module", "/proc/sys/kernel", "/sys/kernel/debug", "/sys/kernel/tracing",
        "/sbin/modprobe", "/usr/sbin/modprobe",
    ];

    /// <summary>The rule with its own controls, if it has any, and one of the same name with those of the bundle: the strictest of both counts.</summary>
    public static IEnumerable<Rule> Expand(Rule rule)
    {
        if (!rule.DeniesKernelModules)
            return [rule];
        var bundle = new Rule { Name = rule.Name, At = rule.At, Mode = rule.Mode, IsFloor = rule.IsFloor, Match = rule.Match } with
        {
            SeccompBase = SeccompBaseSetting.NoModules,
            Capabilities = new CapabilitySetting(CapabilitySet.All, CapabilityAction.Refuse) { KeepsDefaults = true },
            HostPaths = HostPathsSetting.DenyWriting(Paths),
            // No filter and no list of capabilities reaches a privileged container.
            AppArmorOfPrivileged = SecurityProfile.Localhost(OfPrivileged),
        };
        var own = rule with { DeniesKernelModules = false };
        return own.Controls().Any() || own.PodSecurity is not null ? [own, bundle] : [bundle];
    }
}
