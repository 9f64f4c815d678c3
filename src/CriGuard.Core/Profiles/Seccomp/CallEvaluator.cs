using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>The program that makes a filter of a profile.</summary>
public enum FilterMaker
{
    /// <summary>Gives ENOSYS for calls that are newer than every call of the profile (runc, libcontainer/seccomp/patchbpf).</summary>
    Runc,

    /// <summary>Gives the default action for them.</summary>
    Crun,
}

/// <summary>
/// What a kernel does with a call under a profile, as runc or crun and libseccomp make a filter of it. Where conditional rules of different actions
/// are about one call of an overlapping set of arguments, libseccomp's order decides, which no documentation promises: here the strictest counts.
/// </summary>
public sealed class CallEvaluator
{
    private readonly SeccompProfile _profile;
    private readonly FilterMaker _maker;
    private readonly Version _library;
    private readonly ImmutableDictionary<CallArchitecture, Table> _tables;

    /// <param name="profile">The profile.</param>
    /// <param name="machine">The machine's own architecture, which every filter has.</param>
    /// <param name="maker">Who makes the filter.</param>
    /// <param name="library">The kernel whose calls libseccomp knows: 5.17 for 2.5.4. Rules about newer ones are left out by it.</param>
    public CallEvaluator(SeccompProfile profile, CallArchitecture machine, FilterMaker maker, Version library)
    {
        (_profile, _maker, _library) = (profile, maker, library);
        var architectures = profile.Architectures.Select(static name => CallArchitectures.TryParse(name, out var known) ? known : null).OfType<CallArchitecture>()
            .Append(machine).Distinct();
        _tables = architectures.ToImmutableDictionary(static a => a, Build);
    }

    /// <summary>By name; a call that the architecture does not have is what a kernel without it would say.</summary>
    public SeccompAction Evaluate(CallArchitecture architecture, string call, params ReadOnlySpan<ulong> arguments) =>
        SystemCalls.Find(call)?.Number(architecture) is { } number ? Evaluate(architecture, number, arguments) : SeccompAction.NoSuchCall;

    /// <param name="architecture">Of the call, which need not be the machine's own.</param>
    /// <param name="number">As the kernel gets it: with bit 30 for x32.</param>
    /// <param name="arguments">Up to six; the others are 0.</param>
    public SeccompAction Evaluate(CallArchitecture architecture, uint number, params ReadOnlySpan<ulong> arguments)
    {
        // What libseccomp does with an architecture that the filter does not have (SCMP_FLTATR_ACT_BADARCH).
        if (!_tables.TryGetValue(architecture, out var table))
            return SeccompAction.KillThread;
        if (_maker == FilterMaker.Runc && !IsPermissive(_profile.DefaultAction) && number > table.Newest && table.Newest > 0)
            return SeccompAction.NoSuchCall;
        if (!table.Rules.TryGetValue(number, out var rules))
            return _profile.DefaultAction;
        var strictest = (SeccompAction?)null;
        foreach (var (conditions, action) in rules)
        {
            if (!Hold(conditions, arguments, architecture.IsWide()))
                continue;

            // The first rule without conditions replaces those with, and keeps out all that follow (libseccomp, src/db.c, db_rule_add).
            if (conditions.IsEmpty)
                return action;
            strictest = strictest is { } before ? SeccompAction.Stricter(before, action) : action;
        }

        return strictest ?? _profile.DefaultAction;
    }

    private static bool Hold(ImmutableArray<ArgumentCondition> conditions, ReadOnlySpan<ulong> arguments, bool wide)
    {
        foreach (var condition in conditions)
        {
            if (!condition.Holds(condition.Index < arguments.Length ? arguments[condition.Index] : 0, wide))
                return false;
        }

        return true;
    }

    private static bool IsPermissive(SeccompAction action) => action.Kind is SeccompActionKind.Allow or SeccompActionKind.Log or SeccompActionKind.Trace;

    private Table Build(CallArchitecture architecture)
    {
        var rules = new Dictionary<uint, List<(ImmutableArray<ArgumentCondition> Conditions, SeccompAction Action)>>();
        uint newest = 0;
        foreach (var rule in _profile.Rules)
        {
            foreach (var name in rule.Names)
            {
                if (SystemCalls.Find(name) is not { } call || call.Since > _library)
                    continue;
                var multiplexer = architecture.Multiplexes() ? Multiplexer.All.FirstOrDefault(m => m.Members.ContainsKey(name)) : null;
                var number = call.Number(architecture);

                // Numbers of calls that are multiplexed too are not real ones to the library.
                if (multiplexer is null && number > newest)
                    newest = number.Value;

                // Rules that say what is said already are left out, and with them that they come first.
                if (rule.Action == _profile.DefaultAction)
                    continue;
                foreach (var conditions in Alternatives(rule))
                {
                    if (number is { } own)
                        Add(rules, own, conditions, rule.Action, architecture.IsWide());
                    if (multiplexer is not null)
                        Add(rules, SystemCalls.Find(multiplexer.Name)!.Number(architecture)!.Value, Multiplexed(conditions, multiplexer.Members[name]), rule.Action, architecture.IsWide());
                }
            }
        }

        // First those without conditions, in their order.
        return new Table(newest, rules.ToImmutableDictionary(static r => r.Key, static r => r.Value.OrderBy(static x => x.Conditions.IsEmpty ? 0 : 1).ToImmutableArray()));
    }

    private static IEnumerable<ImmutableArray<ArgumentCondition>> Alternatives(SeccompRule rule) =>
        rule.IsEither ? rule.Conditions.Select(static c => ImmutableArray.Create(c)) : [rule.Conditions];

    private static ImmutableArray<ArgumentCondition> Multiplexed(ImmutableArray<ArgumentCondition> conditions, uint number) =>
        [new ArgumentCondition(0, Comparison.Equal, number), .. conditions.Where(static c => c.Index > 0)];

    private static void Add(
        Dictionary<uint, List<(ImmutableArray<ArgumentCondition> Conditions, SeccompAction Action)>> rules, uint number,
        ImmutableArray<ArgumentCondition> conditions, SeccompAction action, bool wide)
    {
        if (!rules.TryGetValue(number, out var list))
            rules[number] = list = [];
        list.Add(([.. conditions.Where(c => !c.IsEmpty(wide))], action));
    }

    /// <summary>What is known of one architecture.</summary>
    private sealed record Table(uint Newest, ImmutableDictionary<uint, ImmutableArray<(ImmutableArray<ArgumentCondition> Conditions, SeccompAction Action)>> Rules);
}
