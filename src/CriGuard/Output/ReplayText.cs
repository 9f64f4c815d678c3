using CriGuard.Core.Policy;
using CriGuard.Core.Replay;

namespace CriGuard.Output;

/// <summary>What another policy would change on a node, for people: a workload a paragraph, those that nothing happens to left out.</summary>
internal static class ReplayText
{
    private const int MaxNames = 3;

    public static void Write(TextWriter output, ReplayReport report)
    {
        foreach (var workload in report.Workloads.Where(static w => w.Outcome != ReplayOutcome.Unchanged))
        {
            output.WriteLine(Printable.Of($"{Word(workload.Outcome),-10}  {workload.Owner.Namespace}/{workload.Owner.Name} ({Pods(workload)})"));
            foreach (var part in workload.Parts)
            {
                foreach (var line in Lines(part))
                    output.WriteLine(Printable.Of($"  {(part.Container.Length == 0 ? "pod" : $"container `{part.Container}`")}: {line}"));
            }
        }

        int pods = report.Workloads.Sum(static w => w.Pods.Length);
        output.WriteLine($"{Counted(pods, "pod")} of {Counted(report.Workloads.Length, "workload")} under policy {report.Revision}: " + string.Join(
            ", ", Enum.GetValues<ReplayOutcome>().Select(outcome => $"{report.Count(outcome)} {Word(outcome)}")));
    }

    /// <summary>As text and JSON have it.</summary>
    public static string Word(ReplayOutcome outcome) => outcome switch
    {
        ReplayOutcome.Refused => "refused",
        ReplayOutcome.Unjudged => "unjudged",
        ReplayOutcome.Changed => "changed",
        ReplayOutcome.Audited => "audited",
        _ => "unchanged",
    };

    private static string Pods(ReplayedWorkload workload)
    {
        string names = string.Join(", ", workload.Pods.Take(MaxNames)) + (workload.Pods.Length > MaxNames ? ", …" : "");
        return workload.Owner.Kind == "pod" ? "pod" : $"{workload.Owner.Kind}, {Counted(workload.Pods.Length, "pod")}: {names}";
    }

    private static string Counted(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";

    private static IEnumerable<string> Lines(ReplayedPart part)
    {
        if (part.Verdict is not { } verdict)
        {
            yield return $"not judged: {part.Reason}";
            yield break;
        }

        foreach (var finding in verdict.Findings.Where(f => f.Effect == Effect.Refuse && !IsSaid(verdict, f)))
            yield return Line(finding);
        foreach (var change in verdict.Changes)
            yield return $"{change.Control.Name()}: {change.Before} → {change.After} (rule `{change.Rule}`)";
        if (part.Basis == ReplayBasis.Spec && part.Outcome != ReplayOutcome.Unchanged)
            yield return "only its runtime spec could be judged: what the policy would change in the request counts as missing";
    }

    /// <summary>What an enforced rule refuses needs no audit rule that would.</summary>
    private static bool IsSaid(Verdict verdict, Finding finding) => finding.Mode == RuleMode.Audit
        && verdict.Findings.Any(f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse } && f.Control == finding.Control && f.Field == finding.Field);

    private static string Line(Finding finding)
    {
        string would = finding.Mode == RuleMode.Audit ? "if enforced: " : "";
        string remedy = finding.Remedy.Length == 0 ? "" : $"; {finding.Remedy}";
        return $"{would}{finding.Message} (rule `{finding.Rule}`, {finding.Control.Name()}){remedy}";
    }
}
