using CriGuard.Core.Workloads;
using ProfileType = CriGuard.Cri.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.Cri.Requests;

/// <summary>Writes one profile in both forms of the CRI, so that every runtime reads the same (T-S1, T-A1).</summary>
internal static class ProfileWriter
{
    /// <summary>The message, in place of one that was sent: what else that holds stays in it.</summary>
    public static Runtime.SecurityProfile Message(Runtime.SecurityProfile? sent, SecurityProfile profile)
    {
        var message = sent ?? new Runtime.SecurityProfile();
        message.ProfileType = profile.Kind switch
        {
            SecurityProfileKind.RuntimeDefault => ProfileType.RuntimeDefault,
            SecurityProfileKind.Unconfined => ProfileType.Unconfined,
            SecurityProfileKind.Localhost => ProfileType.Localhost,
            _ => throw new ArgumentOutOfRangeException(nameof(profile), profile.Kind, "a kind of profile that the CRI does not have"),
        };
        message.LocalhostRef = profile.Kind == SecurityProfileKind.Localhost ? profile.Reference : "";
        return message;
    }

    /// <summary>The deprecated string: `runtime/default`, `unconfined` or `localhost/REFERENCE`.</summary>
    public static string Deprecated(SecurityProfile profile) => profile.Kind switch
    {
        SecurityProfileKind.RuntimeDefault => "runtime/default",
        SecurityProfileKind.Unconfined => "unconfined",
        _ => $"localhost/{profile.Reference}",
    };
}
