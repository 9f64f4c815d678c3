namespace CriGuard.Core.Workloads;

/// <summary>The kind of a seccomp or AppArmor profile; numbers are those of the CRI's `SecurityProfile.ProfileType`.</summary>
public enum SecurityProfileKind
{
    RuntimeDefault = 0,
    Unconfined = 1,
    Localhost = 2,
}

/// <summary>A seccomp or AppArmor profile as a workload asks for it or a rule gives it.</summary>
/// <param name="Kind">Kind of profile.</param>
/// <param name="Reference">For Localhost: an absolute path (seccomp) or the name of a loaded profile (AppArmor); else empty.</param>
public sealed record SecurityProfile(SecurityProfileKind Kind, string Reference = "")
{
    public static SecurityProfile RuntimeDefault { get; } = new(SecurityProfileKind.RuntimeDefault);

    public static SecurityProfile Unconfined { get; } = new(SecurityProfileKind.Unconfined);

    public static SecurityProfile Localhost(string reference) => new(SecurityProfileKind.Localhost, reference);

    public override string ToString() => Kind == SecurityProfileKind.Localhost ? $"Localhost/{Reference}" : Kind.ToString();
}
