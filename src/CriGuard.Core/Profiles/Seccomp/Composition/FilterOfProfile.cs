using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp.Composition;

/// <summary>A profile that runtimes read, as what it says of each call.</summary>
public static class FilterOfProfile
{
    /// <summary>
    /// Where several rules are about one call: the first without conditions decides, else the strictest that holds. What is left to a tracer or a
    /// listener is denied as if there were none: they could allow what another profile denies.
    /// </summary>
    public static Filter Of(SeccompProfile profile, ProfileContext context)
    {
        var byName = new Dictionary<string, List<SeccompRule>>(StringComparer.Ordinal);
        foreach (var rule in profile.Rules)
        {
            // What permits under a condition that does not hold permits nothing; what denies under one counts, since containerd takes no notice of it.
            if (rule.Action == profile.DefaultAction || (rule.Action.Permits && rule.Scope is { } scope && !scope.Holds(context)))
                continue;
            foreach (var name in rule.Names)
            {
                if (!byName.TryGetValue(name, out var rules))
                    byName[name] = rules = [];
                rules.Add(rule);
            }
        }

        var otherwise = Alone(profile.DefaultAction);
        return new Filter(
            otherwise,
            byName.ToImmutableSortedDictionary(static c => c.Key, c => Clauses(c.Value, otherwise), StringComparer.Ordinal),
            Architectures(profile));
    }

    /// <summary>The action where neither a tracer nor a listener is there (seccomp(2)).</summary>
    private static SeccompAction Alone(SeccompAction action) => action.Kind is SeccompActionKind.Trace or SeccompActionKind.Notify ? SeccompAction.NoSuchCall : action;

    private static ImmutableArray<Clause> Clauses(List<SeccompRule> rules, SeccompAction otherwise)
    {
        if (rules.Find(static r => IsUnconditional(r)) is { } whole)
            return [new Clause(Region.All, Alone(whole.Action))];
        var clauses = rules.Select(static r => r with { Action = Alone(r.Action) })
            .OrderByDescending(static r => r.Action.Kind).ThenByDescending(static r => r.Action.Errno)
            .SelectMany(static r => Regions(r).Select(region => new Clause(region, r.Action)));
        return Clause.Merged(clauses.Append(new Clause(Region.All, otherwise)));
    }

    private static bool IsUnconditional(SeccompRule rule) =>
        rule.IsEither ? rule.Conditions.Any(static c => c.IsEmpty(wide: true)) : rule.Conditions.All(static c => c.IsEmpty(wide: true));

    private static IEnumerable<Region> Regions(SeccompRule rule) =>
        rule.IsEither ? rule.Conditions.SelectMany(static c => Region.Of([c])) : Region.Of(rule.Conditions);

    /// <summary>A condition on more than 32 bits is another one to a 32-bit call: then there are none.</summary>
    private static ImmutableSortedSet<string> Architectures(SeccompProfile profile)
    {
        var wide = profile.Rules.Any(static r => r.Conditions.Any(static c => c.NeedsUpperHalf || (c.IsEmpty(wide: false) && !c.IsEmpty(wide: true))));
        return
        [
            .. profile.Architectures.Where(name => !wide || (CallArchitectures.TryParse(name, out var known) && known.Value.IsWide()))
        ];
    }
}
