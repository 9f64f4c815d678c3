using System.Collections.Immutable;
using System.Globalization;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>The errors that profiles give (errno(3), numbers of x86 and ARM).</summary>
public static class ErrorNumbers
{
    public const ushort NotPermitted = 1;
    public const ushort NoSuchCall = 38;

    /// <summary>The kernel cuts greater ones to this (MAX_ERRNO in include/linux/err.h).</summary>
    public const ushort Greatest = 4095;

    private static readonly ImmutableDictionary<string, ushort> Numbers = new Dictionary<string, ushort>
    {
        ["EPERM"] = NotPermitted, ["ENOENT"] = 2, ["EINTR"] = 4, ["EIO"] = 5, ["EBADF"] = 9, ["EAGAIN"] = 11, ["ENOMEM"] = 12, ["EACCES"] = 13,
        ["EBUSY"] = 16, ["EEXIST"] = 17, ["ENODEV"] = 19, ["EINVAL"] = 22, ["ENOSPC"] = 28, ["EROFS"] = 30, ["ENOSYS"] = NoSuchCall, ["ENODATA"] = 61,
        ["EPROTONOSUPPORT"] = 93, ["ESOCKTNOSUPPORT"] = 94, ["EOPNOTSUPP"] = 95, ["EAFNOSUPPORT"] = 97,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    public static bool TryParse(string name, out ushort number) => Numbers.TryGetValue(name, out number);

    /// <summary>Its name, or the number where it has none here.</summary>
    public static string Name(ushort number) =>
        Numbers.FirstOrDefault(e => e.Value == number).Key ?? number.ToString(CultureInfo.InvariantCulture);
}
