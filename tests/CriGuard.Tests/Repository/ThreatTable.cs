using System.Globalization;
using System.Text;

namespace CriGuard.Tests.Repository;

/// <summary>One line of tests/threats.txt.</summary>
/// <param name="Id">`T-M2`.</param>
/// <param name="Way">The way around the gate.</param>
/// <param name="Outcome">What becomes of it.</param>
/// <param name="By">What does that, or why nothing can.</param>
internal sealed record Threat(string Id, string Way, string Outcome, string By);

/// <summary>The page tests/THREATS.md, made from tests/threats.txt and from the tests and golden cases whose names begin with an id.</summary>
internal static class ThreatTable
{
    public static readonly string[] Outcomes = ["refused", "changed", "recorded", "out of reach", "open"];

    public static IReadOnlyList<Threat> Read() =>
    [
        .. File.ReadLines(Checkout.Path("tests", "threats.txt")).Where(static line => line.Length > 0 && line[0] != '#')
            .Select(static line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(static parts => new Threat(parts[0], parts[1], parts[2], parts[3])),
    ];

    /// <summary>Names of tests and cases by the ids that they begin with: one may show several.</summary>
    public static ILookup<string, string> Proofs()
    {
        var methods = Checkout.Sources("tests").SelectMany(File.ReadLines).Where(static line => line.TrimStart().StartsWith("public ", StringComparison.Ordinal))
            .Select(static line => line.Split('(')[0].Split(' ')[^1]);
        var cases = Directory.GetDirectories(Checkout.Path("tests", "golden")).Select(static folder => Path.GetFileName(folder)!);
        return methods.Concat(cases).Distinct().SelectMany(static name => Ids(name).Select(id => (id, name))).ToLookup(static p => p.id, static p => p.name);
    }

    public static string Render(IReadOnlyList<Threat> threats, ILookup<string, string> proofs)
    {
        var page = new StringBuilder("# Ways around the gate\n\nMade by `make threats` from `tests/threats.txt` and the names of tests; do not edit.\n\n");
        page.Append("| outcome | ways |\n| --- | --- |\n");
        foreach (var outcome in Outcomes)
            page.Append(CultureInfo.InvariantCulture, $"| {outcome} | {threats.Count(t => t.Outcome == outcome)} |\n");
        page.Append("\n| id | way around | outcome | by | shown by |\n| --- | --- | --- | --- | --- |\n");
        foreach (var (id, way, outcome, by) in threats)
        {
            var shown = string.Join("<br>", proofs[id].Order(StringComparer.Ordinal).Select(static name => $"`{name}`"));
            page.Append(CultureInfo.InvariantCulture, $"| {id} | {way} | {outcome} | {by} | {shown} |\n");
        }

        return page.ToString();
    }

    /// <summary>`T_M1_M2_words` and `t-m1-m2-words` begin with two.</summary>
    private static IEnumerable<string> Ids(string name)
    {
        var words = name.Split('_', '-');
        return words[0] is "T" or "t"
            ? words.Skip(1).TakeWhile(IsNumbered).Select(static word => $"T-{word.ToUpperInvariant()}")
            : [];
    }

    private static bool IsNumbered(string word) => word.Length > 1 && char.IsAsciiLetter(word[0]) && word.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;
}
