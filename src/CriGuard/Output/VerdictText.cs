using System.Text;
using CriGuard.Core.Policy;

namespace CriGuard.Output;

/// <summary>A verdict as lines for people: what is decided, every finding with its remedy, every change.</summary>
internal static class VerdictText
{
    /// <summary>Ends with a newline; without the revision, so that it changes only when the decision does.</summary>
    public static string Write(Verdict verdict) => Write(verdict, static field => field);

    /// <param name="verdict">What is decided.</param>
    /// <param name="place">How the field of a finding is named to the reader; a change is one of the request, and its values are in the request's terms.</param>
    public static string Write(Verdict verdict, Func<string, string> place)
    {
        var text = new StringBuilder();
        if (verdict.TryPermit(out _, out var refusal))
            text.Append("permit\n");
        else
            text.Append($"refuse\n  {refusal.Message}\n");
        foreach (var finding in verdict.Findings)
            Write(text, finding, place);
        foreach (var change in verdict.Changes)
            text.Append($"change {change.Field} by `{change.Rule}` ({change.Control.Name()})\n  {change.Before} -> {change.After}\n");
        return text.ToString();
    }

    private static void Write(StringBuilder text, Finding finding, Func<string, string> place)
    {
        var audited = finding.Mode == RuleMode.Audit ? "audit: would " : "";
        text.Append($"finding: {audited}{Word(finding.Effect)} by `{finding.Rule}` ({finding.Control.Name()})");
        text.Append(finding.Field.Length == 0 ? "\n" : $" at {place(finding.Field)}\n");
        text.Append($"  {finding.Message}\n");
        if (finding.Remedy.Length > 0)
            text.Append($"  remedy: {finding.Remedy}\n");
    }

    /// <summary>As people read it.</summary>
    public static string Word(Effect effect) => effect switch
    {
        Effect.Report => "report",
        Effect.Change => "change",
        _ => "refuse",
    };
}
