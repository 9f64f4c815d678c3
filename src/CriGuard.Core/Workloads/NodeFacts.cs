using System.Collections.Immutable;
using CriGuard.Core.Events;

namespace CriGuard.Core.Workloads;

/// <summary>What the node offers and knows at the time of a decision.</summary>
public sealed record NodeFacts
{
    /// <summary>Names of AppArmor profiles that are loaded in enforce mode; null where AppArmor is off.</summary>
    public ImmutableSortedSet<string>? AppArmorProfiles { get; init; }

    /// <summary>Runtime handlers that the runtime offers (the default handler by its name too); null where the runtime did not tell.</summary>
    public ImmutableSortedSet<string>? RuntimeHandlers { get; init; }

    /// <summary>The time, against which exceptions expire; where nobody says it, all of them have.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>The process that makes the call; null where that is not known.</summary>
    public Caller? Caller { get; init; }
}
