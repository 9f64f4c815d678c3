using System.Collections.Immutable;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Core.Policy;

/// <summary>One policy file as it was written; a policy is composed of one or more.</summary>
public sealed record PolicyDocument
{
    /// <summary>`metadata.name`, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Null where the document does not say.</summary>
    public UnknownMethods? UnknownMethods { get; init; }

    /// <summary>Null where the document does not say.</summary>
    public Unaccounted? Unaccounted { get; init; }

    /// <summary>The node's runtime handlers; empty where the document does not say.</summary>
    public ImmutableArray<HandlerEntry> Handlers { get; init; } = [];

    /// <summary>Null where the document does not say.</summary>
    public StepUpSetting? StepUp { get; init; }

    /// <summary>The demands of `floor` as a rule that matches everything; null where the document has none.</summary>
    public Rule? Floor { get; init; }

    public ImmutableArray<Rule> Rules { get; init; } = [];

    public ImmutableArray<ExceptionEntry> Exceptions { get; init; } = [];
}

/// <summary>What happens to methods that this build does not know and whose name creates, restores, executes, updates or attaches.</summary>
public enum UnknownMethods
{
    Refuse,
    Relay,
}
