using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Replay;

/// <summary>What another policy would change on a node: its pods, those of one owner that fare alike together.</summary>
/// <param name="Revision">Of that policy.</param>
/// <param name="Workloads">The most important first, then by namespace and name.</param>
public sealed record ReplayReport(string Revision, ImmutableArray<ReplayedWorkload> Workloads)
{
    public static ReplayReport Of(string revision, IEnumerable<ReplayedPod> pods) => new(
        revision,
        [
            .. pods.GroupBy(static pod => (Owner: Owner.Of(pod.Pod, pod.Labels), Likeness: Likeness(pod)))
                .Select(static same => new ReplayedWorkload(same.Key.Owner, [.. same.Select(static p => p.Pod.Name).Order(StringComparer.Ordinal)], same.First().Parts))
                .OrderBy(static w => w.Outcome).ThenBy(static w => w.Owner.Namespace, StringComparer.Ordinal)
                .ThenBy(static w => w.Owner.Name, StringComparer.Ordinal).ThenBy(static w => w.Pods[0], StringComparer.Ordinal),
        ]);

    /// <summary>Workloads that fare so.</summary>
    public int Count(ReplayOutcome outcome) => Workloads.Count(w => w.Outcome == outcome);

    // Messages name the pod, and paths of volumes its uid: apart from these, pods of one template are told the same.
    private static string Likeness(ReplayedPod pod) => string.Join('\n', pod.Parts.Select(part => $"{part.Container} {part.Basis} {Said(part, pod.Pod)}"));

    private static string Said(ReplayedPart part, PodIdentity pod)
    {
        var findings = part.Verdict is { } verdict ? verdict.Findings.Select(static f => $"{f.Rule} {f.Control} {f.Mode} {f.Effect} {f.Field} {f.Message}") : [part.Reason];
        var changes = part.Verdict is { } decided ? decided.Changes.Select(static c => $"{c.Field} {c.Before} {c.After}") : [];
        var said = string.Join('\n', findings.Concat(changes));
        return pod.Uid.Length == 0 || pod.Name.Length == 0
            ? said
            : said.Replace(pod.Name, "(name)", StringComparison.Ordinal).Replace(pod.Uid, "(uid)", StringComparison.Ordinal);
    }
}

/// <summary>Pods of one owner that would fare alike.</summary>
/// <param name="Owner">Whose pods they are.</param>
/// <param name="Pods">Their names.</param>
/// <param name="Parts">What would be decided, in the words about one of them.</param>
public sealed record ReplayedWorkload(Owner Owner, ImmutableArray<string> Pods, ImmutableArray<ReplayedPart> Parts)
{
    /// <summary>The most important of its parts: a pod runs whole or not at all.</summary>
    public ReplayOutcome Outcome => Parts.Select(static part => part.Outcome).DefaultIfEmpty(ReplayOutcome.Unchanged).Min();
}
