using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Store.Policies;

/// <summary>The keys of a rule, and of the floor, that demand something: one for each control.</summary>
internal static class ControlSections
{
    private const string PodSecurity = "podSecurity";
    private const string KernelModules = "kernelModules";

    private static readonly ImmutableArray<(string Key, Func<Section, Rule, Rule> Read)> Controls =
    [
        (PodSecurity, static (s, r) => r with { PodSecurity = ReadPodSecurity(s) }),
        (KernelModules, static (s, r) => r with { DeniesKernelModules = s.Choice(KernelModules, ("deny", true)) == true }),
        ("seccomp", static (s, r) => SeccompSection.Read(s, r)),
        ("appArmor", static (s, r) => ProfileSection.ReadAppArmor(s, r)),
        ("capabilities", static (s, r) => r with { Capabilities = Of(s, "capabilities", CapabilitiesSection.Read) }),
        ("privileged", static (s, r) => r with { DeniesPrivileged = s.Choice("privileged", ("deny", true)) == true }),
        ("hostNamespaces", static (s, r) => r with { HostNamespaces = IsolationSections.ReadHostNamespaces(s) }),
        ("noNewPrivileges", static (s, r) => KernelSections.ReadNoNewPrivileges(s, r)),
        ("runAsUser", static (s, r) => r with { RunAsUser = IdentitySections.ReadRunAsUser(s) }),
        ("groups", static (s, r) => r with { Groups = Of(s, "groups", IdentitySections.ReadGroups) }),
        ("seLinux", static (s, r) => r with { SeLinux = Of(s, "seLinux", KernelSections.ReadSeLinux) }),
        ("readOnlyRootFilesystem", static (s, r) => r with { RequiresReadOnlyRoot = s.Choice("readOnlyRootFilesystem", ("require", true)) == true }),
        ("procMount", static (s, r) => r with { ProcMount = KernelSections.ReadProcMount(s) }),
        ("sysctls", static (s, r) => r with { Sysctls = Of(s, "sysctls", KernelSections.ReadSysctls) }),
        ("hostPorts", static (s, r) => r with { HostPorts = IdentitySections.ReadHostPorts(s) }),
        ("userNamespaces", static (s, r) => r with { RequiresUserNamespace = s.Choice("userNamespaces", ("require", true)) == true }),
        ("hostProcess", static (s, r) => r with { DeniesHostProcess = s.Choice("hostProcess", ("deny", true)) == true }),
        ("sandbox", static (s, r) => r with { Sandbox = IsolationSections.ReadSandbox(s) }),
        ("hostPaths", static (s, r) => r with { HostPaths = MountSections.ReadHostPaths(s) }),
        ("volumes", static (s, r) => r with { Volumes = Of(s, "volumes", MountSections.ReadVolumes) }),
        ("mounts", static (s, r) => r with { Mounts = Of(s, "mounts", MountSections.ReadMounts) }),
        ("devices", static (s, r) => r with { Devices = DeviceSection.Read(s) }),
        ("annotations", static (s, r) => r with { Annotations = AnnotationSection.Read(s) }),
        ("images", static (s, r) => r with { Images = Of(s, "images", ImageSection.Read) }),
        ("runtimeHandlers", static (s, r) => r with { RuntimeHandlers = Of(s, "runtimeHandlers", ImageSection.ReadHandlers) }),
        ("resources", static (s, r) => r with { Resources = Of(s, "resources", ResourceSection.Read) }),
        ("lateContainers", static (s, r) => r with { LateContainers = AccessSections.ReadLateContainers(s) }),
        ("drift", static (s, r) => r with { DeniesDrift = s.Choice("drift", ("deny", true)) == true }),
        ("access", static (s, r) => r with { Access = Of(s, "access", AccessSections.ReadAccess) }),
        ("updates", static (s, r) => r with { Updates = AccessSections.ReadUpdates(s) }),
        ("checkpoints", static (s, r) => r with { Checkpoints = AccessSections.ReadCheckpoints(s) }),
    ];

    public static IEnumerable<string> Keys => Controls.Select(static c => c.Key);

    /// <summary>The rule with what the section demands; one that demands nothing is an error.</summary>
    public static Rule Read(Section section, Rule rule)
    {
        if (!Controls.Any(c => section.Has(c.Key)))
            section.Fail(section.At, $"`{section.Name}` demands nothing: give it a control, such as `privileged: deny`");
        return Controls.Aggregate(rule, (read, control) => control.Read(section, read));
    }

    /// <summary>Whether the key stands for many controls, so that none of them is meant.</summary>
    public static bool IsBundle(string key) => key is PodSecurity or KernelModules;

    private static PodSecurityLevel? ReadPodSecurity(Section section) =>
        section.Choice(PodSecurity, ("baseline", PodSecurityLevel.Baseline), ("restricted", PodSecurityLevel.Restricted));

    private static T? Of<T>(Section section, string key, Func<Node, List<PolicyError>, T?> read)
        where T : class => section.Find(key) is { } node ? read(node, section.Errors) : null;
}
