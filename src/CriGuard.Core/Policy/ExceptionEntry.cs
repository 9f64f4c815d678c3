using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>Loosens one control for workloads that are told apart by what no tenant can write, for a time, for a reason, by an owner.</summary>
public sealed record ExceptionEntry
{
    /// <summary>Unique over all documents of a policy; rules have the same name space, since both stand in findings.</summary>
    public required string Name { get; init; }

    public Position At { get; init; }

    /// <summary>The one control that is loosened.</summary>
    public required Control Control { get; init; }

    /// <summary>Only namespaces, image digests, config sources and callers.</summary>
    public required Match Match { get; init; }

    /// <summary>Values that are allowed beyond those of the rules; empty: the control is lifted as a whole.</summary>
    public ImmutableArray<string> Allow { get; init; } = [];

    /// <summary>Whether it reaches the floor too.</summary>
    public bool Floor { get; init; }

    public required string Reason { get; init; }

    public required string Owner { get; init; }

    /// <summary>From then on it is not applied.</summary>
    public required DateTimeOffset Expires { get; init; }
}
