using System.Collections.Immutable;

namespace CriGuard.Linux.AppArmor;

/// <summary>Reads whether the kernel runs AppArmor, and with which profiles.</summary>
/// <param name="sys">Where sysfs is mounted, with securityfs inside.</param>
public sealed class AppArmorReader(string sys = "/sys")
{
    /// <summary>
    /// Names of the profiles that are loaded and enforced; null where AppArmor is off. Only root may read the list: empty where it is
    /// not readable, since a profile that is not seen cannot be relied on.
    /// </summary>
    public ImmutableSortedSet<string>? ReadEnforced() => IsEnabled() ? Enforced(Read("kernel/security/apparmor/profiles")) : null;

    /// <summary>True where the kernel was booted with AppArmor on.</summary>
    public bool IsEnabled() => Read("module/apparmor/parameters/enabled").StartsWith("Y"u8);

    private static ImmutableSortedSet<string> Enforced(ReadOnlySpan<byte> list)
    {
        var names = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var line in list.Split((byte)'\n'))
        {
            if (AppArmorProfile.TryParse(list[line], out var profile) && profile.IsEnforced)
                names.Add(profile.Name);
        }

        return names.ToImmutable();
    }

    private ReadOnlySpan<byte> Read(string path) => KernelFile.Read($"{sys}/{path}");
}
