namespace CriGuard.Core.Policy;

/// <summary>A call that is not forwarded, and the text that a person finds in the pod's events.</summary>
public sealed class Refusal
{
    /// <summary>Characters that the message may have: events cut at 1,024 and carry the kubelet's own words too.</summary>
    public const int MaxMessage = 600;

    internal Refusal(Verdict verdict)
    {
        Verdict = verdict;
        Message = Compose(verdict);
    }

    public Verdict Verdict { get; }

    /// <summary>One line: ``criguard: container `web` asks for …: forbidden by rule `tenants` (capabilities); remove …``.</summary>
    public string Message { get; }

    private static string Compose(Verdict verdict)
    {
        var refusals = verdict.Findings.Where(static f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse }).ToList();
        var first = refusals[0];
        var source = first.Rule == Finding.BuiltIn ? $"refused by a built-in check ({first.Control.Name()})" : $"forbidden by rule `{first.Rule}` ({first.Control.Name()})";
        var remedy = first.Remedy.Length == 0 ? "" : $"; {first.Remedy}";
        var more = refusals.Count == 1 ? "" : $" (and {refusals.Count - 1} more: {string.Join(", ", refusals.Skip(1).Select(static f => f.Control.Name()).Distinct())})";
        var text = $"criguard: {first.Message}: {source}{remedy}{more}";
        return text.Length <= MaxMessage ? text : string.Concat(text.AsSpan(0, MaxMessage - 1), "…");
    }
}
