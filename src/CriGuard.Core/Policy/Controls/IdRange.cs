using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Numbers from one to another, both included: users, groups or ports.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct IdRange(long From, long To)
{
    public bool Contains(long number) => number >= From && number <= To;

    /// <summary>`8080` or `8000-8999`.</summary>
    public static bool TryParse(string text, out IdRange range)
    {
        var parts = text.Split('-');
        range = default;
        if (parts.Length > 2 || !TryNumber(parts[0], out var from) || !TryNumber(parts[^1], out var to) || from > to)
            return false;
        range = new IdRange(from, to);
        return true;
    }

    public override string ToString() => From == To ? Text(From) : $"{Text(From)}-{Text(To)}";

    /// <summary>Why an exception cannot allow it; null where it can.</summary>
    internal static string? Objection(string text) => TryParse(text, out _) ? null : "is not a number: write one, or two with `-` between them";

    internal static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool TryNumber(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}

/// <summary>Several of them.</summary>
internal static class IdRanges
{
    public static bool Contain(this IEnumerable<IdRange> ranges, long number) => ranges.Any(r => r.Contains(number));

    public static IEnumerable<IdRange> Parse(IEnumerable<string> texts) =>
        texts.Select(static t => IdRange.TryParse(t, out var range) ? range : (IdRange?)null).OfType<IdRange>();

    /// <summary>In an order that does not depend on how they were written.</summary>
    public static IEnumerable<string> Said(this IEnumerable<IdRange> ranges, string prefix) =>
        ranges.Distinct().OrderBy(static r => r.From).ThenBy(static r => r.To).Select(r => $"{prefix} {r}");
}
