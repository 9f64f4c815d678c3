using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp.Composition;

/// <summary>
/// A filter as a profile that every runtime and libseccomp read in one way only: of each call one action beside the default, under conditions that do
/// not overlap, with never two on one argument (T-S9).
/// </summary>
/// <param name="Profile">The profile.</param>
/// <param name="TooFine">Calls that are denied although some of their arguments are allowed: their conditions do not fit.</param>
public sealed record FlatProfile(SeccompProfile Profile, ImmutableArray<string> TooFine)
{
    /// <summary>
    /// The kernel takes 4096 instructions (BPF_MAXINSNS), and a condition on 64 bits is five or six. A call whose conditions do not fit any more is denied.
    /// </summary>
    public const int MostConditions = 500;

    /// <param name="filter">What is to be written.</param>
    /// <param name="machine">The node's own architecture, which is always in.</param>
    public static FlatProfile Of(Filter filter, CallArchitecture machine)
    {
        var flat = Flatten(filter, machine);
        return flat.TooFine.IsEmpty || !filter.Otherwise.Permits ? flat : Flatten(Listed(filter), machine);
    }

    /// <summary>
    /// The same with every call that is known by name, and others denied: what is allowed of a call takes fewer conditions than all that is not.
    /// </summary>
    private static Filter Listed(Filter filter) => filter with
    {
        Otherwise = SeccompAction.NotPermitted,
        Calls = SystemCalls.All.Select(static c => c.Name).Union(filter.Calls.Keys, StringComparer.Ordinal)
            .ToImmutableSortedDictionary(static name => name, name => filter[name], StringComparer.Ordinal),
    };

    private static FlatProfile Flatten(Filter filter, CallArchitecture machine)
    {
        var architectures = Architectures(filter, machine);
        var narrow = architectures.Any(static name => CallArchitectures.TryParse(name, out var known) && !known.Value.IsWide());
        var whole = new SortedDictionary<SeccompAction, List<string>>(Comparer<SeccompAction>.Create(static (a, b) => (a.Kind, a.Errno).CompareTo((b.Kind, b.Errno))));
        var (rules, tooFine) = (new List<SeccompRule>(), ImmutableArray.CreateBuilder<string>());
        foreach (var (name, clauses) in filter.Calls)
        {
            var closed = narrow ? Closed(filter, name) : null;
            if ((closed ?? Uniform(clauses)) is { } action)
                Add(whole, action, name, filter.Otherwise);
            else if (Conditional(name, clauses, filter.Otherwise, narrow, MostConditions - rules.Sum(static r => r.Conditions.Length)) is { } conditional)
                rules.AddRange(conditional);
            else
            {
                tooFine.Add(name);
                Add(whole, filter.Otherwise.Permits ? SeccompAction.NotPermitted : filter.Otherwise, name, filter.Otherwise);
            }
        }

        foreach (var multiplexer in Multiplexer.All)
        {
            if (narrow && !filter.Calls.ContainsKey(multiplexer.Name) && Closed(filter, multiplexer.Name) is { } action)
                Add(whole, action, multiplexer.Name, filter.Otherwise);
        }

        var byName = whole.Select(static w => new SeccompRule([.. w.Value.Order(StringComparer.Ordinal)], w.Key, []));
        return new FlatProfile(new SeccompProfile(filter.Otherwise, architectures, [.. byName, .. rules]), tooFine.ToImmutable());
    }

    private static ImmutableArray<string> Architectures(Filter filter, CallArchitecture machine) =>
        [machine.Name(), .. filter.Architectures?.Where(name => name != machine.Name()) ?? Narrow(machine)];

    /// <summary>What a machine's 32-bit programs call; x32 is not among them.</summary>
    private static IEnumerable<string> Narrow(CallArchitecture machine) => machine switch
    {
        CallArchitecture.X64 => [CallArchitecture.X86.Name()],
        CallArchitecture.Arm64 => [CallArchitecture.Arm.Name()],
        _ => [],
    };

    /// <summary>What a call that stands for others is denied with, unless all of them are allowed whatever their arguments (T-S8).</summary>
    private static SeccompAction? Closed(Filter filter, string name)
    {
        if (Multiplexer.All.FirstOrDefault(m => m.Name == name) is not { } multiplexer
            || (Uniform(filter[name])?.Permits == true && multiplexer.Members.Keys.All(member => Uniform(filter[member])?.Permits == true)))
            return null;

        // A rule that says the same as the default is left out by the runtimes, and with it what it closes.
        return filter.Otherwise == SeccompAction.NoSuchCall ? SeccompAction.NotPermitted : SeccompAction.NoSuchCall;
    }

    private static SeccompAction? Uniform(ImmutableArray<Clause> clauses) => clauses.All(c => c.Action == clauses[0].Action) ? clauses[0].Action : null;

    private static void Add(SortedDictionary<SeccompAction, List<string>> whole, SeccompAction action, string name, SeccompAction otherwise)
    {
        // Also where it is the default: a profile that names a call lets runc know that it is no newer one.
        if (action == otherwise)
            return;
        if (!whole.TryGetValue(action, out var names))
            whole[action] = names = [];
        names.Add(name);
    }

    /// <summary>Rules for what differs from the default; null where that is more than can be written.</summary>
    private static List<SeccompRule>? Conditional(string name, ImmutableArray<Clause> clauses, SeccompAction otherwise, bool narrow, int room)
    {
        var permits = !otherwise.Permits;
        var action = (SeccompAction?)null;
        var rules = new List<SeccompRule>();
        foreach (var (region, decided) in Apart(clauses, permits))
        {
            action = action is { } before ? SeccompAction.Stricter(before, decided) : decided;
            foreach (var conditions in Written(region, narrow, permits))
            {
                room -= conditions.Length;
                if (room < 0)
                    return null;
                rules.Add(new SeccompRule([name], decided, conditions));
            }
        }

        return rules.ConvertAll(r => r with { Action = action!.Value });
    }

    /// <summary>The regions that are permitted, or those that are not, without what an earlier clause decides otherwise.</summary>
    private static IEnumerable<(Region Region, SeccompAction Action)> Apart(ImmutableArray<Clause> clauses, bool permitted)
    {
        var earlier = new List<Region>();
        foreach (var clause in clauses)
        {
            if (clause.Action.Permits == permitted)
            {
                IEnumerable<Region> parts = [clause.Region];
                foreach (var before in earlier)
                    parts = parts.SelectMany(part => part.Except(before));
                foreach (var part in parts)
                    yield return (part, clause.Action);
            }

            earlier.Add(clause.Region);
        }
    }

    private static IEnumerable<ImmutableArray<ArgumentCondition>> Written(Region region, bool narrow, bool permits)
    {
        IEnumerable<ImmutableArray<ArgumentCondition>> lists = [[]];
        for (var i = 0; i < region.Sets.Length; i++)
        {
            var (index, set) = (i, region.Sets[i]);
            if (!set.IsAny)
                lists = lists.SelectMany(list => Written(index, set, narrow, permits).Select(list.Add));
        }

        return lists;
    }

    /// <summary>
    /// One condition for each part of the set. What is compared with more than 32 bits would be another condition to 32-bit calls: it is left out
    /// where it permits, and kept where it denies.
    /// </summary>
    private static IEnumerable<ArgumentCondition> Written(int index, ArgumentSet set, bool narrow, bool permits) => set switch
    {
        ArgumentSet.Range(var first, var last) when first == last && (!narrow || first <= uint.MaxValue) => [new ArgumentCondition(index, Comparison.Equal, first)],
        ArgumentSet.Range(0, var last) when !narrow || last <= uint.MaxValue => [new ArgumentCondition(index, Comparison.LessOrEqual, last)],
        ArgumentSet.Range(var first, ulong.MaxValue) when !narrow || first <= uint.MaxValue => [new ArgumentCondition(index, Comparison.GreaterOrEqual, first)],
        ArgumentSet.Range range => range.Blocks().SelectMany(block => Written(index, block, narrow, permits)),
        ArgumentSet.Pattern(_, > uint.MaxValue) when narrow && permits => [],
        ArgumentSet.Pattern(ulong.MaxValue, var value) => [new ArgumentCondition(index, Comparison.Equal, value)],
        ArgumentSet.Pattern(var mask, var value) => [new ArgumentCondition(index, Comparison.MaskedEqual, mask, value)],
        _ => [],
    };
}
