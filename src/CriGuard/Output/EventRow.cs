using CriGuard.Core.Events;

namespace CriGuard.Output;

/// <summary>An event as one row of the table.</summary>
/// <param name="Time">UTC, to the second: can be given to `--since`.</param>
/// <param name="Verdict">`permit`, `refuse` or empty.</param>
/// <param name="Event">The call's name, or the kind of an event that is no call.</param>
/// <param name="Subject">Pod and container.</param>
/// <param name="Text">What there is to say of it.</param>
internal sealed record EventRow(string Time, string Verdict, string Event, string Subject, string Text)
{
    public static EventRow Of(EventEntry entry) => new(
        $"{entry.Time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}",
        Printable.Of(entry.Verdict),
        Printable.Of(entry.Method.Length > 0 ? entry.Method[(entry.Method.LastIndexOf('/') + 1)..] : entry.Kind),
        Printable.Of(SubjectOf(entry)),
        Printable.Of(TextOf(entry)));

    private static string SubjectOf(EventEntry entry) =>
        string.Join(' ', ((string[])[entry.Pod?.ToString() ?? "", entry.ContainerName]).Where(static part => part.Length > 0));

    private static string TextOf(EventEntry entry)
    {
        var findings = entry.Findings.Select(static f => $"{f.Message} ({f.Rule}{(f.Mode == "audit" ? $", audit: would {f.Effect}" : "")})");
        var changes = entry.Changes.Select(static c => $"{c.Control}: {c.Before} → {c.After} ({c.Rule})");
        // The message of a finding that led to a change says the same again.
        var said = entry.Verdict == EventVerdicts.Refuse || entry.Changes.IsEmpty
            ? findings
            : changes.Concat(entry.Findings.Where(static f => f.Effect != "change" || f.Mode == "audit").Select(static f => $"{f.Message} ({f.Rule})"));
        var answer = entry.Answer is { } a ? [a.Code == 0 ? "answered: ok" : $"answered: code {a.Code}: {a.Message}"] : (string[])[];
        return string.Join("; ", said.Concat(answer).Concat(entry.Details.Select(static d => $"{d.Key}={d.Value}")));
    }
}
