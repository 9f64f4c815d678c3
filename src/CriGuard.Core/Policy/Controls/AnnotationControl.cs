using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// Annotations that change what a runtime does: refused, never taken out, because a runtime has to return annotations as they were sent and the
/// kubelet reads its own from them (P19). Without a rule they are reported.
/// </summary>
internal static class AnnotationControl
{
    private const string Field = "config.annotations";
    private const string SandboxField = "sandbox_config.annotations";
    private const string ImageField = "image.annotations";
    private const string Remedy = "take it out of `metadata.annotations`";
    private const string LabelField = "config.labels";
    private const string SandboxLabelField = "sandbox_config.labels";

    public static void Judge(Judgement judgement, SandboxFacts facts)
    {
        Judge(judgement, Field, Words.Pod(facts.Pod), facts.Annotations.Keys);
        JudgeLabels(judgement, LabelField, facts.Pod, facts.Labels.Keys);
    }

    /// <summary>The sandbox as the runtime has it and as it is sent again: containerd follows the latter (T-C1).</summary>
    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        Judge(judgement, Field, Words.Container(facts.Name), facts.Annotations.Keys);
        Judge(judgement, SandboxField, Words.Pod(facts.Sandbox.Pod), facts.Sandbox.Annotations.Keys.Concat(facts.Resent?.Annotations.Keys ?? []));
        JudgeLabels(judgement, SandboxLabelField, facts.Sandbox.Pod, facts.Sandbox.Labels.Keys.Concat(facts.Resent?.Labels.Keys ?? []));
    }

    public static void Judge(Judgement judgement, PullFacts facts)
    {
        Judge(judgement, ImageField, Image(facts), facts.Annotations.Keys);
        Judge(judgement, SandboxField, Words.Pod(facts.Sandbox.Pod), facts.Sandbox.Annotations.Keys);
    }

    public static void Check(Judgement judgement, StartFacts facts)
    {
        Judge(judgement, Field, Words.Container(facts.ContainerName), facts.Annotations.Keys);
        Judge(judgement, SandboxField, Words.Pod(facts.Sandbox.Pod), facts.Sandbox.Annotations.Keys);
        JudgeLabels(judgement, SandboxLabelField, facts.Sandbox.Pod, facts.Sandbox.Labels.Keys);
    }

    /// <summary>What no enforced rule looks at, an auditor is shown.</summary>
    private static void Report(Judgement builtIn, Judgement enforced, string field, string subject, IEnumerable<string> keys)
    {
        if (enforced.FirstRule(static r => r.Annotations is not null) is null && BehaviourAnnotations.Among(keys) is { Count: > 0 } found)
            builtIn.Report(Finding.BuiltIn, Control.Annotations, field, Message(subject, found));
    }

    public static void Report(Judgement builtIn, Judgement enforced, SandboxFacts facts)
    {
        Report(builtIn, enforced, Field, Words.Pod(facts.Pod), facts.Annotations.Keys);
        ReportLabels(builtIn, enforced, LabelField, facts.Pod, facts.Labels.Keys);
    }

    public static void Report(Judgement builtIn, Judgement enforced, ContainerFacts facts)
    {
        Report(builtIn, enforced, Field, Words.Container(facts.Name), facts.Annotations.Keys);
        var pods = facts.Sandbox.Annotations.Keys.Concat(facts.Resent?.Annotations.Keys ?? []);
        Report(builtIn, enforced, SandboxField, Words.Pod(facts.Sandbox.Pod), pods);
    }

    public static void Report(Judgement builtIn, Judgement enforced, PullFacts facts) =>
        Report(builtIn, enforced, ImageField, Image(facts), facts.Annotations.Keys);

    private static void Judge(Judgement judgement, string field, string subject, IEnumerable<string> keys)
    {
        var sent = keys.ToList();
        foreach (var (rule, setting) in judgement.Demands(static r => r.Annotations))
        {
            if (setting.Beyond(sent) is { Count: > 0 } beyond)
                judgement.Refuse(rule, Control.Annotations, field, Message(subject, beyond), Remedy);
        }
    }

    private static void JudgeLabels(Judgement judgement, string field, PodIdentity pod, IEnumerable<string> keys)
    {
        var sent = keys.ToList();
        foreach (var (rule, setting) in judgement.Demands(static r => r.Annotations))
        {
            if (setting.BeyondLabels(sent) is { Count: > 0 } beyond)
                judgement.Refuse(rule, Control.Annotations, field, LabelMessage(pod, beyond), "take it out of `metadata.labels`");
        }
    }

    private static void ReportLabels(Judgement builtIn, Judgement enforced, string field, PodIdentity pod, IEnumerable<string> keys)
    {
        if (enforced.FirstRule(static r => r.Annotations is not null) is null && BehaviourAnnotations.AmongLabels(keys) is { Count: > 0 } found)
            builtIn.Report(Finding.BuiltIn, Control.Annotations, field, LabelMessage(pod, found));
    }

    private static string Image(PullFacts facts) => $"image {Words.Quote(facts.Image.Reference)}";

    private static string LabelMessage(PodIdentity pod, List<string> keys) => keys.Count == 1
        ? $"{Words.Pod(pod)} has the label {Words.List(keys)}, which changes what a runtime does"
        : $"{Words.Pod(pod)} has labels that change what a runtime does: {Words.List(keys)}";

    private static string Message(string subject, List<string> keys) => keys.Count == 1
        ? $"{subject} has the annotation {Words.List(keys)}, which changes what a runtime does"
        : $"{subject} has annotations that change what a runtime does: {Words.List(keys)}";
}
