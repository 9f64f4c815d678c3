using System.Globalization;

namespace CriGuard.Manifests;

/// <summary>Numbers of YAML 1.1, as far as manifests have them.</summary>
internal static class Numbers
{
    private const NumberStyles Decimal = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Decimal, `0x` and the octal `0755` or `0o755`; `1_000` too.</summary>
    public static bool TryWhole(string text, out long number)
    {
        number = 0;
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var negative = digits.StartsWith('-');
        var bare = digits.TrimStart('-', '+');
        if (digits.Length - bare.Length > 1 || bare.Length == 0 || !char.IsAsciiDigit(bare[0]))
            return false;
        var read = bare switch
        {
            ['0', 'x' or 'X', ..] => long.TryParse(bare.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number),
            ['0', 'o', ..] => TryOctal(bare.AsSpan(2), out number),
            ['0', _, ..] => TryOctal(bare.AsSpan(1), out number),
            _ => long.TryParse(bare, NumberStyles.None, CultureInfo.InvariantCulture, out number),
        };
        number = negative ? -number : number;
        return read;
    }

    public static bool IsNumber(string text) => TryWhole(text, out _) || (text.Length > 0 && double.TryParse(text, Decimal, CultureInfo.InvariantCulture, out _));

    private static bool TryOctal(ReadOnlySpan<char> digits, out long number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7' || number > long.MaxValue >> 3)
                return false;
            number = (number << 3) | (uint)(digit - '0');
        }

        return !digits.IsEmpty;
    }
}
