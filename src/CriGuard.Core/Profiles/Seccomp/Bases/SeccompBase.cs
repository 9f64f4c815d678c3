using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp.Composition;

namespace CriGuard.Core.Profiles.Seccomp.Bases;

/// <summary>A profile as people write it: calls in groups, each with why, for some capabilities, machines and kernels only.</summary>
/// <param name="Name">Its name in a policy.</param>
/// <param name="About">For whom it is.</param>
/// <param name="Otherwise">Of calls that no group decides on.</param>
/// <param name="Narrow">Whether 32-bit programs of the machine may run.</param>
/// <param name="Groups">Of those that name a call, the first whose conditions hold decides.</param>
public sealed record SeccompBase(string Name, string About, SeccompAction Otherwise, bool Narrow, ImmutableArray<SeccompGroup> Groups)
{
    /// <summary>What it says of each call for one container on one node.</summary>
    public Filter Resolve(ProfileContext context)
    {
        var calls = new Dictionary<string, List<Clause>>(StringComparer.Ordinal);
        foreach (var group in Groups.Where(g => g.Scope.Holds(context)))
        {
            foreach (var call in group.Calls)
            {
                if (!calls.TryGetValue(call, out var clauses))
                    calls[call] = clauses = [];
                clauses.AddRange(group.Regions.Select(region => new Clause(region, group.Action)));
            }
        }

        return new Filter(
            Otherwise,
            calls.ToImmutableSortedDictionary(static c => c.Key, c => Clause.Merged(c.Value.Append(new Clause(Region.All, Otherwise))), StringComparer.Ordinal),
            Narrow ? null : []);
    }
}

/// <summary>Calls that are treated alike, and why.</summary>
/// <param name="Name">In a few words.</param>
/// <param name="Why">Why they are allowed, or denied.</param>
/// <param name="Calls">By name.</param>
/// <param name="Action">What becomes of them.</param>
/// <param name="Where">Any of these; empty for all arguments.</param>
public sealed record SeccompGroup(string Name, string Why, ImmutableArray<string> Calls, SeccompAction Action, ImmutableArray<ArgumentLine> Where)
{
    /// <summary>For which containers and nodes.</summary>
    public RuleScope Scope { get; init; } = new();

    internal IEnumerable<Region> Regions => Where.IsEmpty ? [Region.All] : Where.SelectMany(static line => line.Regions);
}

/// <summary>The bases by name.</summary>
/// <param name="Bases">By name.</param>
public sealed record SeccompCatalog(ImmutableSortedDictionary<string, SeccompBase> Bases)
{
    /// <summary>What stands for RuntimeDefault where a rule composes: the runtime's own is in no file and differs between its versions.</summary>
    public const string Default = "default";

    /// <summary>What `kernelModules: deny` puts under everything.</summary>
    public const string NoModules = "no-modules";

    public SeccompBase this[string name] => Bases[name];
}
