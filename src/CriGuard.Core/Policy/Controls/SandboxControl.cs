using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Sandbox: the handler is chosen when the pod is run; a pod is never run under less, and one that runs already is never moved.</summary>
internal static class SandboxControl
{
    private const string Field = "runtime_handler";
    private const string ImageField = "image.runtime_handler";

    public static void Judge(Judgement judgement, NodeFacts node, HandlerTable handlers, SandboxFacts facts)
    {
        var demands = judgement.Demands(static r => r.Sandbox);
        if (demands.Count == 0)
            return;
        var subject = Words.Pod(facts.Pod);
        if (facts.RuntimeHandler.Length > 0 && handlers.Find(facts.RuntimeHandler) is null)
        {
            judgement.Refuse(
                Strongest(demands).Rule, Control.Sandbox, Field, $"{subject} asks for handler {Words.Quote(facts.RuntimeHandler)}, whose isolation is not known",
                "ask for none, or list the handler in the policy's `handlers`");
            return;
        }

        var found = judgement.Findings.Count;
        foreach (var demand in demands)
            JudgeAlone(judgement, node, handlers, facts, demand);
        var (rule, setting) = Strongest(demands);
        if (judgement.Findings.Count == found && handlers.Given(setting.Level, facts) is { } given && given.Name != facts.RuntimeHandler)
            judgement.Change(
                rule, Control.Sandbox, Field, $"{subject} asks for {Asked(facts)}", facts.RuntimeHandler.Length == 0 ? "unset" : facts.RuntimeHandler, given.Name,
                new Edit.RuntimeHandler(given.Name));
    }

    /// <summary>What one rule would refuse by itself, it refuses beside others too: no rule makes another one permit.</summary>
    private static void JudgeAlone(Judgement judgement, NodeFacts node, HandlerTable handlers, SandboxFacts facts, Demand<SandboxSetting> demand)
    {
        var (rule, setting) = demand;
        var subject = Words.Pod(facts.Pod);
        if (handlers.Given(setting.Level, facts) is not { } given)
            judgement.Refuse(
                rule, Control.Sandbox, Field, $"{subject} has no user namespace of its own, and no handler gives it one", "set `hostUsers` to false");
        else if (node.RuntimeHandlers?.Contains(given.Name) != true)
            judgement.Refuse(
                rule, Control.Sandbox, Field, $"{subject} must not run without handler {Words.Quote(given.Name)}, which the runtime does not offer",
                "set the handler up on this node, or keep the pod off it");
        else if (setting.RefusesWeaker && given.Name != facts.RuntimeHandler)
            judgement.Refuse(
                rule, Control.Sandbox, Field, $"{subject} asks for {Asked(facts)} and must ask for {Words.Quote(setting.Level.Word())} or stronger",
                $"set `runtimeClassName` to one whose handler is {Words.Quote(given.Name)}");
        else
            SandboxFit.Judge(judgement, rule, given, facts);
    }

    /// <summary>
    /// Of a pod that runs: a rule that came with the policy cannot move it any more, so its containers are refused until it is run anew. A label that
    /// was edited since neither weakens nor strengthens it (T-C1).
    /// </summary>
    public static void Check(Judgement judgement, HandlerTable handlers, SandboxFacts sandbox, string container)
    {
        var level = handlers.LevelOf(sandbox);
        foreach (var (rule, setting) in judgement.PinnedDemands(static r => r.Sandbox))
        {
            if (!(level >= setting.Level))
                judgement.Refuse(
                    rule, Control.Sandbox, Field, $"{Words.Container(container)} is in a sandbox under {Asked(sandbox)} instead of {Words.Quote(setting.Level.Word())}",
                    "delete the pod, so that it is run anew");
        }

        foreach (var (rule, setting) in judgement.Demands(static r => r.Sandbox).Where(d => judgement.Later.Contains(d.Rule)))
            judgement.Report(
                rule, Control.Sandbox, Field,
                $"{Words.Pod(sandbox.Pod)} was edited since it was run: {Words.Quote(setting.Level.Word())} takes effect when it is run anew");
    }

    /// <summary>What a container asks for that the handler of its sandbox cannot serve, and what that handler does not apply to it.</summary>
    public static void Check(Judgement judgement, HandlerTable handlers, ContainerFacts facts)
    {
        Check(judgement, handlers, facts.Sandbox, facts.Name);
        if (handlers.Find(facts.Sandbox.RuntimeHandler) is not { } handler)
            return;
        if (judgement.PinnedDemands(static r => r.Sandbox) is { Count: > 0 } demands)
            SandboxFit.Judge(judgement, Strongest(demands).Rule, handler, facts);
        SandboxReach.Report(judgement, handler, facts);
    }

    /// <summary>The image is unpacked where the handler looks for it, as far as a pull tells of its pod: the pod's RuntimeClass is not in it.</summary>
    public static void Judge(Judgement judgement, HandlerTable handlers, PullFacts facts)
    {
        var demands = judgement.Demands(static r => r.Sandbox);
        if (demands.Count == 0)
            return;
        var (rule, setting) = Strongest(demands);
        if (handlers.Given(setting.Level, facts.Sandbox) is { OwnSnapshotter: true } given && given.Name != facts.Sandbox.RuntimeHandler)
            judgement.Change(
                rule, Control.Sandbox, ImageField, $"image {Words.Quote(facts.Image.Reference)} is for a pod that runs under {given.Words}",
                facts.Sandbox.RuntimeHandler.Length == 0 ? "unset" : facts.Sandbox.RuntimeHandler, given.Name, new Edit.RuntimeHandler(given.Name));
    }

    /// <summary>Weaker than the sandbox that the same pod had before: somebody took a label away, or a rule.</summary>
    public static void ReportWeakening(Judgement builtIn, HandlerTable handlers, SandboxFacts facts, IEnumerable<Change> changes)
    {
        var decided = HandlerTable.Decided(facts, changes);
        if (facts.Before is { } before && handlers.LevelOf(before) is { } was && !(handlers.LevelOf(decided) >= was))
            builtIn.Report(
                Finding.BuiltIn, Control.Sandbox, Field, $"{Words.Pod(facts.Pod)} is run under {Asked(decided)}, and ran under {Asked(before)} ({was.Word()}) before");
    }

    private static Demand<SandboxSetting> Strongest(List<Demand<SandboxSetting>> demands) => demands.MaxBy(static d => d.Setting.Level);

    private static string Asked(SandboxFacts facts) =>
        facts.RuntimeHandler.Length == 0 ? "the runtime's default handler" : $"handler {Words.Quote(facts.RuntimeHandler)}";
}
