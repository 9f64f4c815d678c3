using System.Text;
using CriGuard.Doctor;

namespace CriGuard.Output;

/// <summary>Checks for people: a line for each that is not good, what to do below it, and a line of counts.</summary>
internal static class CheckText
{
    /// <param name="checks">All of them.</param>
    /// <param name="all">Print the good ones too.</param>
    public static string Of(IReadOnlyCollection<Check> checks, bool all)
    {
        var text = new StringBuilder();
        int width = checks.Max(static c => c.Name.Length);
        foreach (var check in checks.Where(check => all || check.Outcome != CheckOutcome.Good))
        {
            text.Append($"{Word(check.Outcome),-7}  ").Append(check.Name.PadRight(width)).Append("  ").Append(Printable.Of(check.Seen)).Append('\n');
            if (check.Remedy.Length > 0)
                text.Append(' ', 7 + 2 + width + 2).Append("→ ").Append(Printable.Of(check.Remedy)).Append('\n');
        }

        string[] counts = [.. checks.GroupBy(static c => c.Outcome).OrderByDescending(static g => g.Key).Select(static g => $"{g.Count()} {Word(g.Key)}")];
        return text.Append($"{checks.Count} checks: {string.Join(", ", counts)}\n").ToString();
    }

    public static string Word(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Good => "good",
        CheckOutcome.Warning => "warning",
        CheckOutcome.Unknown => "unknown",
        _ => "FAULT",
    };
}
