using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Cri.Facts;

/// <summary>
/// The seccomp and the AppArmor profile that a request asks for, out of a new field and the deprecated one. Where runtimes would read them
/// differently, the weaker reading counts, so that a rule acts on it.
/// </summary>
internal static class ProfileReader
{
    private const string LocalhostPrefix = "localhost/";

    /// <summary>T-S1: containerd takes the deprecated field where the new one is absent, CRI-O never does and runs unconfined.</summary>
    public static SecurityProfile? Seccomp(Runtime.SecurityProfile? current, string deprecated, string field, List<Anomaly> anomalies)
    {
        var old = Deprecated(deprecated, $"{field}.seccomp_profile_path", anomalies);
        if (current is null && old is null)
            return null;

        if (current is null)
        {
            anomalies.Add(new Anomaly(
                $"{field}.seccomp_profile_path", $"{Words.Quote(deprecated)} is sent without `seccomp`, and not every runtime reads it: read as Unconfined"));
            return SecurityProfile.Unconfined;
        }

        return Weaker(Current(current), old, $"{field}.seccomp", deprecated, anomalies);
    }

    /// <summary>
    /// T-A1: both runtimes take the deprecated field where the new one is absent (kubelets before 1.30 send no other); CRI-O may prefer it
    /// where both are sent.
    /// </summary>
    public static SecurityProfile? AppArmor(Runtime.SecurityProfile? current, string deprecated, string field, List<Anomaly> anomalies)
    {
        var old = Deprecated(deprecated, $"{field}.apparmor_profile", anomalies);
        return current is null ? old : Weaker(Current(current), old, $"{field}.apparmor", deprecated, anomalies);
    }

    /// <summary>The message alone; a type that no version of the CRI has reads as Unconfined.</summary>
    public static SecurityProfile Current(Runtime.SecurityProfile profile) => profile.ProfileType switch
    {
        ProfileType.RuntimeDefault => SecurityProfile.RuntimeDefault,
        ProfileType.Localhost => SecurityProfile.Localhost(WithoutPrefix(profile.LocalhostRef)),
        _ => SecurityProfile.Unconfined,
    };

    private static SecurityProfile? Deprecated(string value, string field, List<Anomaly> anomalies)
    {
        if (value.StartsWith(LocalhostPrefix, StringComparison.Ordinal))
            return SecurityProfile.Localhost(WithoutPrefix(value));

        switch (value)
        {
            case "":
                return null;
            case "runtime/default" or "docker/default":
                return SecurityProfile.RuntimeDefault;
            case "unconfined":
                return SecurityProfile.Unconfined;
            default:
                anomalies.Add(new Anomaly(field, $"{Words.Quote(value)} names no profile: read as Unconfined"));
                return SecurityProfile.Unconfined;
        }
    }

    private static SecurityProfile Weaker(SecurityProfile current, SecurityProfile? old, string field, string deprecated, List<Anomaly> anomalies)
    {
        if (old is null || old == current)
            return current;

        var weaker = Strength(old) < Strength(current) ? old : current;
        anomalies.Add(new Anomaly(field, $"{Words.Quote(current.ToString())} disagrees with the deprecated field, {Words.Quote(deprecated)}: read as {Words.Quote(weaker.ToString())}"));
        return weaker;
    }

    // A file or profile of the node may allow anything, so it counts less than the runtime's own.
    private static int Strength(SecurityProfile profile) => profile.Kind switch
    {
        SecurityProfileKind.RuntimeDefault => 2,
        SecurityProfileKind.Localhost => 1,
        _ => 0,
    };

    // Runtimes cut the prefix off the new field too.
    private static string WithoutPrefix(string reference) =>
        reference.StartsWith(LocalhostPrefix, StringComparison.Ordinal) ? reference[LocalhostPrefix.Length..] : reference;
}
