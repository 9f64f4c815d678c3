using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using CriGuard.Core.Profiles.Seccomp.Composition;

namespace CriGuard.Core.Profiles.Seccomp.Bases;

// arg0 in 2 10 and arg1 & ~0x80800 == 1 and arg2 in 0 6
// ^^^^ (1)  ^^ (2)                                        (3) ^^^
// (1) argument, with a mask or without; (2) ==, !=, <, <=, >, >=, in, not in; (3) numbers, decimal or 0x…, `~` in front for all other bits

/// <summary>One line of a base's `where`: the arguments of which all terms hold.</summary>
public sealed class ArgumentLine
{
    private ArgumentLine(string text, IEnumerable<Region> regions) => (Text, Regions) = (text, [.. regions]);

    /// <summary>As it was written.</summary>
    public string Text { get; }

    internal ImmutableArray<Region> Regions { get; }

    public static bool TryParse(string text, [NotNullWhen(true)] out ArgumentLine? line)
    {
        IEnumerable<Region> regions = [Region.All];
        line = null;
        foreach (var term in text.Split(" and "))
        {
            if (!TryParseTerm(term.Split(' ', StringSplitOptions.RemoveEmptyEntries), out var held))
                return false;
            regions = regions.SelectMany(region => held.SelectMany(region.Intersect)).ToList();
        }

        line = new ArgumentLine(text, regions);
        return true;
    }

    private static bool TryParseTerm(string[] words, out IEnumerable<Region> regions)
    {
        regions = [];
        if (words.Length < 3 || words[0] is not ['a', 'r', 'g', >= '0' and <= '5'])
            return false;
        var (index, mask) = (words[0][3] - '0', ulong.MaxValue);
        ReadOnlySpan<string> rest = words.AsSpan(1);
        if (rest[0] == "&")
        {
            if (rest.Length < 4 || !TryNumber(rest[1], out mask))
                return false;
            rest = rest[2..];
        }

        var (negated, comparison) = rest[0] is "not" && rest[1] is "in" ? (true, "in") : (rest[0] == "!=", rest[0] == "!=" ? "==" : rest[0]);
        var values = new List<ulong>();
        foreach (var word in rest[(rest[0] is "not" ? 2 : 1)..])
        {
            if (!TryNumber(word, out var value))
                return false;
            values.Add(value);
        }

        if (values.Count == 0 || (comparison != "in" && values.Count > 1) || Comparison(comparison, mask) is not { } found)
            return false;
        var conditions = values.ConvertAll(value => found == Seccomp.Comparison.MaskedEqual
            ? new ArgumentCondition(index, found, mask, value)
            : new ArgumentCondition(index, found, value));
        regions = negated ? Outside(conditions) : conditions.SelectMany(static c => Region.Of([c]));
        return true;
    }

    private static IEnumerable<Region> Outside(List<ArgumentCondition> conditions)
    {
        IEnumerable<Region> regions = [Region.All];
        foreach (var inside in conditions.SelectMany(static c => Region.Of([c])))
            regions = regions.SelectMany(region => region.Except(inside)).ToList();
        return regions;
    }

    private static Comparison? Comparison(string word, ulong mask) => (word, mask) switch
    {
        ("==" or "in", ulong.MaxValue) => Seccomp.Comparison.Equal,
        ("==" or "in", _) => Seccomp.Comparison.MaskedEqual,
        ("<", ulong.MaxValue) => Seccomp.Comparison.Less,
        ("<=", ulong.MaxValue) => Seccomp.Comparison.LessOrEqual,
        (">", ulong.MaxValue) => Seccomp.Comparison.Greater,
        (">=", ulong.MaxValue) => Seccomp.Comparison.GreaterOrEqual,
        _ => null,
    };

    private static bool TryNumber(ReadOnlySpan<char> word, out ulong number)
    {
        var other = word.StartsWith('~');
        var digits = other ? word[1..] : word;
        var parsed = digits.StartsWith("0x", StringComparison.Ordinal)
            ? ulong.TryParse(digits[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
        number = other ? ~number : number;
        return parsed;
    }
}
