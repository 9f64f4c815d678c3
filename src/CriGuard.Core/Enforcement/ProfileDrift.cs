using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Seccomp, AppArmor and SELinux: a profile that was asked for and is not there, or is another.</summary>
internal static class ProfileDrift
{
    private const string Unconfined = "unconfined";

    /// <summary>Of a filter that lists what may be done, everything else (seccomp(2), `SECCOMP_RET_…`).</summary>
    private static readonly string[] LettingThrough = ["SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE", "SCMP_ACT_NOTIFY"];

    public static IEnumerable<Deviation> Between(NodeFacts node, StartFacts facts, ContainerFacts asked, EffectiveSpec spec)
    {
        // Runtimes give a privileged container no filter, whatever is asked for (T-S2), and of AppArmor only a profile by name (T-A3).
        if (!facts.IsPrivileged && Seccomp(facts.Profile, asked.Seccomp, spec) is { } filter)
            yield return new Deviation(Aspect.Seccomp, filter);
        if (AppArmor(node, facts.IsPrivileged, asked.AppArmor, spec.AppArmorProfile) is { } profile)
            yield return new Deviation(Aspect.AppArmor, profile);
        var type = spec.SeLinuxLabel.Split(':').ElementAtOrDefault(2) ?? "";
        if (asked.SeLinux.Type.Length > 0 && spec.SeLinuxLabel.Length > 0 && type != asked.SeLinux.Type)
            yield return new Deviation(Aspect.SeLinux, $"the SELinux type {Words.Quote(type)} instead of {Words.Quote(asked.SeLinux.Type)}");
    }

    private static string? Seccomp(FilterRules? profile, SecurityProfile? asked, EffectiveSpec spec)
    {
        if (asked is null or { Kind: SecurityProfileKind.Unconfined })
            return null;
        if (spec.SeccompDefaultAction is not { } action)
            return $"no seccomp filter, and {Words.Quote(asked.ToString())} is asked for";
        if (asked.Kind == SecurityProfileKind.RuntimeDefault)
            return LettingThrough.Contains(action) ? $"a seccomp filter that answers {Words.Quote(action)} to what it does not list" : null;
        return profile is { } wanted && spec.Filter is { } filter && !filter.Equals(wanted)
            ? $"another seccomp filter than {Words.Quote(asked.Reference)} has: {filter.Against(wanted)}"
            : null;
    }

    private static string? AppArmor(NodeFacts node, bool privileged, SecurityProfile? asked, string profile)
    {
        if (asked is { Kind: SecurityProfileKind.Localhost } named)
            return profile == named.Reference ? null : $"{Named(profile)} instead of {Words.Quote(named.Reference)}";
        var expected = asked is { Kind: SecurityProfileKind.RuntimeDefault } && !privileged && node.AppArmorProfiles is not null;
        return expected && profile is ("" or Unconfined)
            ? $"{Named(profile)}, and the runtime's default is asked for"
            : null;
    }

    private static string Named(string profile) => profile.Length == 0 ? "no AppArmor profile" : $"the AppArmor profile {Words.Quote(profile)}";
}
