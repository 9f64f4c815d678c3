using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Drift: what would start is weaker than what was asked for, though no rule may speak of it; refused by rule, else reported (T-C6).</summary>
internal static class DriftControl
{
    private const string Remedy = "look for what changes it after the request: base specs of the runtime, NRI plugins, CDI";

    /// <summary>What no enforced rule looks at, an auditor is shown.</summary>
    public static void Report(Judgement builtIn, Judgement enforced, StartFacts facts, ImmutableArray<Deviation> drift)
    {
        if (enforced.FirstRule(static r => r.DeniesDrift) is not null)
            return;
        foreach (var deviation in drift)
            builtIn.Report(Finding.BuiltIn, Control.Drift, deviation.Aspect.Field(), Message(facts, deviation));
    }

    public static void Check(Judgement judgement, StartFacts facts, ImmutableArray<Deviation> drift)
    {
        if (judgement.FirstRule(static r => r.DeniesDrift) is not { } rule)
            return;
        foreach (var deviation in drift)
            judgement.Refuse(rule, Control.Drift, deviation.Aspect.Field(), Message(facts, deviation), Remedy);
        if (facts is { Spec: not null, Asked: null })
            judgement.Report(
                rule, Control.Drift, "config",
                $"the runtime does not keep what was asked for {Words.Container(facts.ContainerName)}: only what no request can ask for is looked for");
    }

    private static string Message(StartFacts facts, Deviation deviation) => $"{Words.Container(facts.ContainerName)} would start with {deviation.Text}";
}
