using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>How exceptions reach the rules of one judgement, and what is reported of it.</summary>
internal static class Loosening
{
    /// <summary>The rules as they stand after the exceptions that match; each use, and each that came too late, is a finding.</summary>
    public static List<Rule> Apply(CompiledPolicy policy, NodeFacts node, Subject subject, RuleMode mode, List<Rule> rules, List<Finding> findings)
    {
        foreach (var exception in policy.Exceptions)
        {
            // Most exceptions are about other workloads: that is found out first.
            if (exception.Match.CoversPinned(subject))
                rules = Apply(exception, node, subject, mode, rules, findings);
        }

        return rules;
    }

    private static List<Rule> Apply(
        ExceptionEntry exception, NodeFacts node, Subject subject, RuleMode mode, List<Rule> rules, List<Finding> findings)
    {
        if (ControlTable.Find(exception.Control) is not { } row || row.OfAccess != subject.IsAccess || !rules.Exists(r => Reaches(exception, r) && row.IsDemanded(r)))
            return rules;
        var expired = node.Now >= exception.Expires;
        findings.Add(new Finding(exception.Name, exception.Control, mode, Effect.Report, "", Words(exception, expired), Remedy: ""));
        return expired ? rules : rules.ConvertAll(r => Reaches(exception, r) && row.IsDemanded(r) ? Loosen(row, exception, r) : r);
    }

    private static bool Reaches(ExceptionEntry exception, Rule rule) => exception.Floor || !rule.IsFloor;

    private static Rule Loosen(ControlRow row, ExceptionEntry exception, Rule rule) =>
        exception.Allow.IsEmpty || row.Allow is null ? row.Lift(rule) : row.Allow(rule, exception.Allow);

    private static string Words(ExceptionEntry exception, bool expired)
    {
        var what = exception.Allow.IsEmpty ? "is lifted" : $"allows {Policy.Words.List(exception.Allow)} too";
        var (owner, reason) = (Policy.Words.Quote(exception.Owner), Policy.Words.Quote(exception.Reason));
        return expired
            ? $"exception expired at {exception.Expires.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'} and is not applied: ask {owner} whether it is still needed ({reason})"
            : $"control {what} by an exception of {owner} until {exception.Expires.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}: {reason}";
    }
}
