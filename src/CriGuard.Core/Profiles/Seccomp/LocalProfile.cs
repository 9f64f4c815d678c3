namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>A profile in a file of the node, as it was read for one decision.</summary>
/// <param name="Path">As it was asked for.</param>
/// <param name="Digest">SHA-256 of its bytes; empty where it was not read.</param>
/// <param name="Profile">Null where it cannot be used.</param>
/// <param name="Problem">Why it cannot; empty where it can.</param>
public sealed record LocalProfile(string Path, string Digest, SeccompProfile? Profile, string Problem)
{
    public static LocalProfile Unusable(string path, string problem) => new(path, "", null, problem);
}
