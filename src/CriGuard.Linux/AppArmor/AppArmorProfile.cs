using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace CriGuard.Linux.AppArmor;

/// <summary>A profile that is loaded into the kernel: one line of `apparmor/profiles` in securityfs.</summary>
/// <param name="Name">Name; may hold spaces and parentheses.</param>
/// <param name="Mode">`enforce`, `complain`, `kill`, `unconfined`, and what later kernels add.</param>
public sealed record AppArmorProfile(string Name, string Mode)
{
    /// <summary>True where what the profile forbids does not happen; `kill` ends the process besides.</summary>
    public bool IsEnforced => Mode is "enforce" or "kill";

    //   cri-containerd.apparmor.d (enforce)
    //   ^^^^^^^^^^^^^^^^^^^^^^^^^ (1) name  ^ (2) mode: the last pair of parentheses

    /// <summary>Reads one line, without its newline.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AppArmorProfile? profile)
    {
        profile = null;
        var open = line.LastIndexOf(" ("u8);
        if (open <= 0 || line[^1] != (byte)')')
            return false;

        profile = new AppArmorProfile(Encoding.UTF8.GetString(line[..open]), Encoding.UTF8.GetString(line[(open + 2)..^1]));
        return true;
    }
}
