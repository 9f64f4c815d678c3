using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Isolation;

/// <summary>A runtime handler of the node, as one entry of a policy's `handlers` describes it.</summary>
/// <param name="Name">As the runtime names it.</param>
/// <param name="Level">How strongly it isolates.</param>
/// <param name="At">Where it is written.</param>
public sealed record HandlerEntry(string Name, IsolationLevel Level, Position At = default)
{
    /// <summary>Where it differs from its level.</summary>
    public ImmutableSortedDictionary<Ability, bool> Supports { get; init; } = ImmutableSortedDictionary<Ability, bool>.Empty;

    /// <summary>True where the runtime keeps images for it in a snapshotter of its own, so that a pull has to name it.</summary>
    public bool OwnSnapshotter { get; init; }

    /// <summary>Annotations that configure it and that a routed pod may have; hints on volumes need no entry.</summary>
    public ImmutableArray<Glob> Annotations { get; init; } = [];

    public bool Can(Ability ability) => Supports.TryGetValue(ability, out var said) ? said : Level.Has(ability);

    /// <summary>For messages: ``handler `runsc` (gvisor)``.</summary>
    internal string Words => $"handler {Policy.Words.Quote(Name)} ({Level.Word()})";
}
