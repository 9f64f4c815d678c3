using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp.Composition;

/// <summary>Arguments of a call: each of the six in its set.</summary>
/// <param name="Sets">By index; <see cref="ArgumentSet.Any"/> where it does not matter.</param>
internal sealed record Region(ImmutableArray<ArgumentSet> Sets)
{
    public static Region All { get; } = new([.. Enumerable.Repeat(ArgumentSet.Any, 6)]);

    public bool IsAll => Sets.All(static s => s.IsAny);

    /// <summary>Where all conditions hold, as regions that do not overlap.</summary>
    public static IEnumerable<Region> Of(IEnumerable<ArgumentCondition> conditions)
    {
        IEnumerable<Region> regions = [All];
        foreach (var condition in conditions)
        {
            var (sets, before) = (ArgumentSet.Of(condition).ToList(), regions);
            regions = before.SelectMany(region => sets.SelectMany(set => region.Narrow(condition.Index, set))).ToList();
        }

        return regions;
    }

    public bool Contains(ReadOnlySpan<ulong> arguments)
    {
        for (var i = 0; i < Sets.Length; i++)
        {
            if (!Sets[i].Contains(i < arguments.Length ? arguments[i] : 0))
                return false;
        }

        return true;
    }

    /// <summary>True only where all of it is in the other; false where that is not seen at once.</summary>
    public bool IsWithin(Region other)
    {
        for (var i = 0; i < Sets.Length; i++)
        {
            if (!Sets[i].IsWithin(other.Sets[i]))
                return false;
        }

        return true;
    }

    public IEnumerable<Region> Intersect(Region other)
    {
        IEnumerable<Region> regions = [this];
        for (var i = 0; i < Sets.Length; i++)
        {
            var (index, set) = (i, other.Sets[i]);
            if (!set.IsAny)
                regions = regions.SelectMany(region => region.Narrow(index, set));
        }

        return regions;
    }

    /// <summary>What of it is not in the other, in regions that do not overlap.</summary>
    public IEnumerable<Region> Except(Region other)
    {
        if (!Intersect(other).Any())
        {
            yield return this;
            yield break;
        }

        // Inside the other in the arguments so far, outside in the next.
        IEnumerable<Region> inside = [this];
        for (var i = 0; i < Sets.Length; i++)
        {
            var (index, set) = (i, other.Sets[i]);
            if (set.IsAny)
                continue;
            var before = inside.ToList();
            foreach (var outside in before.SelectMany(region => set.Complement().SelectMany(part => region.Narrow(index, part))))
                yield return outside;
            inside = before.SelectMany(region => region.Narrow(index, set));
        }
    }

    private IEnumerable<Region> Narrow(int index, ArgumentSet set) => Sets[index].Intersect(set).Select(part => new Region(Sets.SetItem(index, part)));
}
