using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp.Composition;

/// <summary>
/// What a profile says of each call, in a form that composes: of the clauses of a call the first whose region holds the arguments decides.
/// It is about 64-bit calls; 32-bit ones are given the same where that is the same to them.
/// </summary>
/// <param name="Otherwise">Of calls without clauses.</param>
/// <param name="Calls">By name; the last clause of each is about all arguments.</param>
/// <param name="Architectures">Further ones; null for any.</param>
public sealed record Filter(SeccompAction Otherwise, ImmutableSortedDictionary<string, ImmutableArray<Clause>> Calls, ImmutableSortedSet<string>? Architectures)
{
    /// <summary>Lets everything through: composed with it, every filter stays as it is.</summary>
    public static Filter Open { get; } = new(SeccompAction.Allow, ImmutableSortedDictionary.Create<string, ImmutableArray<Clause>>(StringComparer.Ordinal), null);

    internal ImmutableArray<Clause> this[string call] => Calls.GetValueOrDefault(call, [new Clause(Region.All, Otherwise)]);

    /// <summary>What becomes of a 64-bit call.</summary>
    public SeccompAction Decide(string call, params ReadOnlySpan<ulong> arguments)
    {
        foreach (var clause in this[call])
        {
            if (clause.Region.Contains(arguments))
                return clause.Action;
        }

        return Otherwise;
    }

    /// <summary>What becomes of a call in a few words: `allow`, `errno EPERM`, `allow or errno EPERM`.</summary>
    public string Summary(string call) => string.Join(" or ", this[call].Select(static c => c.Action.ToString()).Distinct(StringComparer.Ordinal));

    /// <summary>Of each call what lets less through: associative, commutative and idempotent, as the kernel's own stacking of filters.</summary>
    public Filter And(Filter other)
    {
        var calls = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<Clause>>(StringComparer.Ordinal);
        foreach (var name in Calls.Keys.Union(other.Calls.Keys, StringComparer.Ordinal))
            calls[name] = Clause.And(this[name], other[name]);
        return new Filter(SeccompAction.Stricter(Otherwise, other.Otherwise), calls.ToImmutable(), Common(Architectures, other.Architectures));
    }

    private static ImmutableSortedSet<string>? Common(ImmutableSortedSet<string>? one, ImmutableSortedSet<string>? other) =>
        one is null ? other : other is null ? one : one.Intersect(other);
}

/// <summary>What becomes of a call with some arguments.</summary>
public sealed record Clause
{
    /// <summary>More than this is not worked with: such a call is denied.</summary>
    internal const int Most = 2048;

    internal Clause(Region region, SeccompAction action) => (Region, Action) = (region, action);

    public SeccompAction Action { get; }

    internal Region Region { get; }

    /// <summary>In the order of both lists the first that holds is made of the first of each that holds.</summary>
    internal static ImmutableArray<Clause> And(ImmutableArray<Clause> one, ImmutableArray<Clause> other)
    {
        if (one is [var only])
            return Merged(other.Select(o => new Clause(o.Region, SeccompAction.Stricter(only.Action, o.Action))));
        if (other is [var single])
            return Merged(one.Select(o => new Clause(o.Region, SeccompAction.Stricter(single.Action, o.Action))));
        return Merged(
            one.SelectMany(a => other.SelectMany(b => a.Region.Intersect(b.Region).Select(region => new Clause(region, SeccompAction.Stricter(a.Action, b.Action))))));
    }

    /// <summary>The list without what does not matter to what it decides; all denied where it is too long to be worked with.</summary>
    internal static ImmutableArray<Clause> Merged(IEnumerable<Clause> clauses)
    {
        var list = new List<Clause>();
        foreach (var clause in clauses)
        {
            // What an earlier clause holds already is decided there.
            if (list.Exists(earlier => clause.Region.IsWithin(earlier.Region)))
                continue;
            list.Add(clause);
            if (list.Count > Most)
                return [new Clause(Region.All, SeccompAction.NotPermitted)];
            if (clause.Region.IsAll)
                break;
        }

        while (list.Count > 1 && list[^2].Action == list[^1].Action)
            list.RemoveAt(list.Count - 2);
        return [.. list];
    }
}
