using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What the node offers at the time of a decision.</summary>
public sealed record NodeFacts
{
    /// <summary>Names of AppArmor profiles that are loaded in enforce mode; null where AppArmor is off.</summary>
    public ImmutableSortedSet<string>? AppArmorProfiles { get; init; }

    /// <summary>Runtime handlers that the runtime offers (the default handler by its name too); null where the runtime did not tell.</summary>
    public ImmutableSortedSet<string>? RuntimeHandlers { get; init; }
}
