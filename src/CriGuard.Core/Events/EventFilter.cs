namespace CriGuard.Core.Events;

/// <summary>Which events are wanted: those that meet all that is given; what is null or empty is not asked for.</summary>
public sealed record EventFilter
{
    public static EventFilter All { get; } = new();

    /// <summary>Kubernetes namespace of the pod.</summary>
    public string Namespace { get; init; } = "";

    /// <summary>Name of the pod.</summary>
    public string Pod { get; init; } = "";

    /// <summary>One of <see cref="EventVerdicts"/>.</summary>
    public string Verdict { get; init; } = "";

    /// <summary>One of <see cref="EventKinds"/>; `call` stands for all that begin with `call.`.</summary>
    public string Kind { get; init; } = "";

    /// <summary>From this time on, itself included.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Up to this time, itself not included.</summary>
    public DateTimeOffset? Until { get; init; }

    public bool Matches(EventEntry entry) =>
        (Namespace.Length == 0 || entry.Pod?.Namespace == Namespace)
        && (Pod.Length == 0 || entry.Pod?.Name == Pod)
        && (Verdict.Length == 0 || entry.Verdict == Verdict)
        && MatchesKind(entry.Kind)
        && !(entry.Time < Since)
        && !(entry.Time >= Until);

    private bool MatchesKind(string kind) =>
        Kind.Length == 0 || (kind.StartsWith(Kind, StringComparison.Ordinal) && (kind.Length == Kind.Length || kind[Kind.Length] == '.'));
}
