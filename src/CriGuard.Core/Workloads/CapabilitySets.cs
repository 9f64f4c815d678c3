using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>The five capability sets of a process as a runtime spec names them, `CAP_…` (capabilities(7)).</summary>
public sealed record CapabilitySets(
    ImmutableSortedSet<string> Bounding, ImmutableSortedSet<string> Effective, ImmutableSortedSet<string> Permitted,
    ImmutableSortedSet<string> Inheritable, ImmutableSortedSet<string> Ambient)
{
    public static CapabilitySets None { get; } = new([], [], [], [], []);

    public IEnumerable<(string Name, ImmutableSortedSet<string> Set)> ByName() =>
        [("bounding", Bounding), ("effective", Effective), ("permitted", Permitted), ("inheritable", Inheritable), ("ambient", Ambient)];
}
