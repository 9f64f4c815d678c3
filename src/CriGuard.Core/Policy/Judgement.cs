using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>The rules of one mode that match a request, and what the controls find under them.</summary>
/// <param name="mode">Mode of all these rules; enforced and audited ones are judged apart.</param>
/// <param name="rules">By name, so that nothing depends on the order of a document.</param>
/// <param name="found">What matching alone has found: the use of exceptions.</param>
internal sealed class Judgement(RuleMode mode, IReadOnlyList<Rule> rules, List<Finding> found)
{
    public static Judgement BuiltIn() => new(RuleMode.Enforce, [], []);

    public RuleMode Mode => mode;

    public List<Finding> Findings { get; } = found;

    public List<Change> Changes { get; } = [];

    /// <summary>Names of the rules that match only what is sent again of a sandbox that runs: what is decided when it is run, they come too late for.</summary>
    public IReadOnlySet<string> Later { get; init; } = ImmutableHashSet<string>.Empty;

    /// <summary>What each rule demands of one control, by the rules' names.</summary>
    public List<Demand<T>> Demands<T>(Func<Rule, T?> setting)
        where T : class
    {
        var demands = new List<Demand<T>>();
        foreach (var rule in rules)
        {
            if (setting(rule) is { } value)
                demands.Add(new Demand<T>(rule.Name, value));
        }

        return demands;
    }

    /// <summary>The same of a sandbox that runs: only rules that matched when it was run, or that came since with the policy.</summary>
    public List<Demand<T>> PinnedDemands<T>(Func<Rule, T?> setting)
        where T : class => Demands(setting).FindAll(d => !Later.Contains(d.Rule));

    /// <summary>Name of the first rule that demands it; null where none does.</summary>
    public string? FirstRule(Func<Rule, bool> demands)
    {
        foreach (var rule in rules)
        {
            if (demands(rule))
                return rule.Name;
        }

        return null;
    }

    public void Report(string rule, Control control, string field, string message) =>
        Findings.Add(new Finding(rule, control, mode, Effect.Report, field, message, Remedy: ""));

    public void Refuse(string rule, Control control, string field, string message, string remedy) =>
        Findings.Add(new Finding(rule, control, mode, Effect.Refuse, field, message, remedy));

    /// <summary>A finding that leads to a change; the change itself is added once a field.</summary>
    public void WillChange(string rule, Control control, string field, string message) =>
        Findings.Add(new Finding(rule, control, mode, Effect.Change, field, message, Remedy: ""));

    public void Change(string rule, Control control, string field, string message, string before, string after, Edit edit)
    {
        WillChange(rule, control, field, message);
        Changes.Add(new Change(rule, control, field, before, after, edit));
    }
}

/// <summary>What one rule demands of one control.</summary>
internal readonly record struct Demand<T>(string Rule, T Setting);
