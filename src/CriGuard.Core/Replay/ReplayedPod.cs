using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Replay;

/// <summary>A pod that is on the node, and what another policy would decide of it.</summary>
/// <param name="Pod">Whose sandbox it is.</param>
/// <param name="Labels">Pod labels, to tell its owner.</param>
/// <param name="Parts">The sandbox, then its containers by name.</param>
public sealed record ReplayedPod(PodIdentity Pod, ImmutableSortedDictionary<string, string> Labels, ImmutableArray<ReplayedPart> Parts);

/// <summary>A sandbox or a container of a pod under another policy.</summary>
public sealed record ReplayedPart
{
    /// <summary>The container's name; empty for the sandbox.</summary>
    public required string Container { get; init; }

    /// <summary>What was judged.</summary>
    public required ReplayBasis Basis { get; init; }

    /// <summary>Null where nothing could be decided: then <see cref="Reason"/> says why.</summary>
    public Verdict? Verdict { get; init; }

    public string Reason { get; init; } = "";

    public ReplayOutcome Outcome => Verdict switch
    {
        null => ReplayOutcome.Unjudged,
        { IsRefusal: true } => ReplayOutcome.Refused,
        { Changes.IsEmpty: false } => ReplayOutcome.Changed,
        _ when Verdict.Findings.Any(static f => f is { Mode: RuleMode.Audit, Effect: Effect.Refuse }) => ReplayOutcome.Audited,
        _ => ReplayOutcome.Unchanged,
    };
}

/// <summary>What a decision on a running workload was made of.</summary>
public enum ReplayBasis
{
    /// <summary>The request as the runtime keeps it.</summary>
    Request,

    /// <summary>The runtime spec it runs with: what a policy would change in a request counts as missing here.</summary>
    Spec,
}

/// <summary>What another policy would do with a workload, the most important first.</summary>
public enum ReplayOutcome
{
    /// <summary>It would not run.</summary>
    Refused,

    /// <summary>Nothing can be said.</summary>
    Unjudged,

    /// <summary>It would run with less.</summary>
    Changed,

    /// <summary>It would run as it does, but not if audit rules were enforced.</summary>
    Audited,

    /// <summary>It would run as it does.</summary>
    Unchanged,
}
