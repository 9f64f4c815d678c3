using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>The part of arbitrary rules and facts that is about users, groups, labels, masks, sysctls and ports.</summary>
internal static class KernelSurface
{
    private static readonly Gen<bool> Bool = Gen.Elements(false, true);

    private static readonly Gen<long?> MaybeId = Gen.Elements<long?>(null, 0, 6, 1000, -1, 1L << 32);

    private static readonly Gen<UserRequest> Users =
        from id in MaybeId
        from name in Gen.Elements("", "", "root", "web", "1000", "99999999999999999999")
        from primary in MaybeId
        from more in Gen.Elements<long[]>([], [6], [1000, 0])
        from adds in Bool
        select new UserRequest(id, name, primary, [.. more], adds);

    private static readonly Gen<ImageUser?> ImageUsers =
        Gen.Elements(null, ImageUser.Root, new ImageUser(1000, ""), new ImageUser(null, "web"), new ImageUser(null, "root:root"));

    private static readonly Gen<SeLinuxRequest> Labels =
        from type in Gen.Elements("", "", "container_t", "spc_t")
        from user in Gen.Elements("", "", "system_u")
        from role in Gen.Elements("", "", "system_r")
        select new SeLinuxRequest(user, role, type, "");

    private static readonly Gen<UserNamespaceRequest> UserNamespaces =
        from host in Gen.Elements<long>(0, 65536, 1L << 31)
        from length in Gen.Elements<long>(1, 65536)
        from own in Bool
        select own ? new UserNamespaceRequest(OfTheNode: false, [new(host, 0, length)], [new(host, 0, length)]) : UserNamespaceRequest.None;

    private static readonly Gen<ImmutableArray<string>> Masks =
        Gen.Elements<ImmutableArray<string>>([], ["/proc/kcore"], ["/x"], ProcMountSetting.Masked, ProcMountSetting.Readonly);

    private static readonly Gen<ImmutableArray<IdRange>> Ranges =
        Gen.Elements<ImmutableArray<IdRange>>([], [new(1000, 2000)], [new(0, 0), new(80, 90)]);

    /// <summary>The rule with each setting by itself, no two alike.</summary>
    public static IEnumerable<Rule> Settings(Rule rule) =>
    [
        rule with { PodSecurity = PodSecurityLevel.Baseline },
        rule with { PodSecurity = PodSecurityLevel.Restricted },
        rule with { RunAsUser = new RunAsUserSetting(NonRoot: true, []) },
        rule with { RunAsUser = new RunAsUserSetting(NonRoot: false, [new(1, 9)]) },
        rule with { RunAsUser = new RunAsUserSetting(NonRoot: false, [new(1, 8)]) },
        rule with { Groups = new GroupsSetting([new(1, 9)], []) },
        rule with { Groups = new GroupsSetting([], [new(1, 9)]) },
        rule with { SeLinux = new SeLinuxSetting([]) },
        rule with { SeLinux = new SeLinuxSetting(["container_t"]) },
        rule with { RequiresReadOnlyRoot = true },
        rule with { ProcMount = new ProcMountSetting(Fix: false) },
        rule with { ProcMount = new ProcMountSetting(Fix: true) },
        rule with { Sysctls = new SysctlsSetting([]) },
        rule with { Sysctls = new SysctlsSetting([new Glob("net.*")]) },
        rule with { HostPorts = new HostPortsSetting([]) },
        rule with { HostPorts = new HostPortsSetting([new(80, 80)]) },
        rule with { RequiresUserNamespace = true },
        rule with { DeniesHostProcess = true },
        rule with { DeniesDrift = true },
        rule with { RequiresNoNewPrivileges = true, RefusesWithoutNoNewPrivileges = true },
        rule with { Capabilities = Given.Allow(CapabilityAction.Fix) with { KeepsDefaults = true } },
        rule with { Capabilities = Given.Allow(CapabilityAction.Fix) with { RequiresDropAll = true } },
    ];

    public static Gen<SandboxFacts> Sandbox { get; } =
        from label in Labels
        from users in UserNamespaces
        from sysctl in Gen.Elements("", "net.ipv4.tcp_syncookies", "net/ipv4/ip_forward", "kernel.shm_rmid_forced", "a..b", "a+b")
        from value in Gen.Elements("1", "1+kernel.core_pattern=|/x")
        from port in Gen.Elements(0, 0, 80, 8080, -1)
        from windows in Gen.Elements(false, false, true)
        select new SandboxFacts
        {
            Pod = new PodIdentity("", "", ""),
            SeLinux = label,
            UserNamespace = users,
            Sysctls = sysctl.Length == 0 ? Match.Everything.PodLabels : Match.Everything.PodLabels.Add(sysctl, value),
            HostPorts = port == 0 ? [] : [new HostPort(port, 80)],
            AsksForHostProcess = windows,
        };

    public static Gen<ContainerFacts> Container { get; } =
        from sandbox in Sandbox
        from user in Users
        from ofImage in ImageUsers
        from users in UserNamespaces
        from fixedRoot in Bool
        from masked in Masks
        from held in Masks
        select new ContainerFacts
        {
            Sandbox = sandbox,
            Name = "web",
            Image = new ImageFacts("sha256:01", "") { User = ofImage },
            User = user,
            SeLinux = sandbox.SeLinux,
            UserNamespace = users,
            ReadOnlyRoot = fixedRoot,
            MaskedPaths = masked,
            ReadonlyPaths = held,
            AsksForHostProcess = sandbox.AsksForHostProcess,
        };

    public static Gen<EffectiveSpec> Spec { get; } =
        from masked in Masks
        from held in Masks
        from fixedRoot in Bool
        from user in Gen.Elements<long>(0, 1000)
        from groups in Gen.Elements<long[]>([0], [0, 6], [1000])
        from label in Gen.Elements("", "system_u:system_r:spc_t:s0", "system_u:system_r:container_t:s0:c1,c2", "odd")
        from users in UserNamespaces
        select new EffectiveSpec
        {
            Capabilities = [],
            NoNewPrivileges = false,
            AppArmorProfile = "",
            SeccompDefaultAction = null,
            OwnNamespaces = [],
            MaskedPaths = [.. masked],
            ReadonlyPaths = [.. held],
            ReadOnlyRoot = fixedRoot,
            UserId = user,
            Groups = [.. groups],
            SeLinuxLabel = label,
            UserNamespace = users,
        };

    public static Gen<Rule> Rule { get; } =
        from demanded in Gen.ArrayOf(11, Gen.Elements(false, false, true))
        from nonRoot in Bool
        from ranges in Ranges
        from denied in Ranges
        from types in Gen.Elements<ImmutableArray<string>>([], ["container_t"], ["spc_t"])
        from fix in Bool
        from level in Gen.Elements<PodSecurityLevel?>(null, null, null, PodSecurityLevel.Baseline, PodSecurityLevel.Restricted)
        select new Rule
        {
            Name = "",
            PodSecurity = level,
            RunAsUser = demanded[0] ? new RunAsUserSetting(nonRoot, ranges) : null,
            Groups = demanded[1] ? new GroupsSetting(ranges, denied) : null,
            SeLinux = demanded[2] ? new SeLinuxSetting(types) : null,
            RequiresReadOnlyRoot = demanded[3],
            ProcMount = demanded[4] ? new ProcMountSetting(fix) : null,
            Sysctls = demanded[5] ? new SysctlsSetting([new Glob("net.*")]) : null,
            HostPorts = demanded[6] ? new HostPortsSetting(ranges) : null,
            RequiresUserNamespace = demanded[7],
            DeniesHostProcess = demanded[8],
            DeniesDrift = demanded[10],
            RefusesWithoutNoNewPrivileges = demanded[9],
        };
}
