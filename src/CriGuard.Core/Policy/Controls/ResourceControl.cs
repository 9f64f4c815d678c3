using System.Globalization;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Resources: a cgroup parent outside the pods' own escapes all that is accounted there (T-R3), and the OOM killer spares a low score (T-R4).</summary>
internal static class ResourceControl
{
    private const string ParentField = "config.linux.cgroup_parent";
    private const string Resources = "config.linux.resources";
    private const string Behind = "look for what changes it after the request: runtime configuration, NRI plugins";

    public static void Judge(Judgement judgement, SandboxFacts facts) =>
        JudgeParent(judgement, ParentField, Words.Pod(facts.Pod), facts.CgroupParent, "send the cgroup parent that the kubelet has made for the pod");

    /// <summary>containerd follows the copy that CreateContainer sends again.</summary>
    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var subject = Words.Container(facts.Name);
        JudgeParent(judgement, "sandbox_config.linux.cgroup_parent", subject, facts.Resent?.CgroupParent, "send the cgroup parent that the sandbox was run with");
        JudgeScore(judgement, $"{Resources}.oom_score_adj", $"{subject} asks for", facts.OomScoreAdj, "send what the kubelet computes: -997 for guaranteed and critical pods, more for others");
        JudgeUnified(judgement, $"{Resources}.unified", $"{subject} asks to write", facts.Unified, "take them out of the request's `unified`");
    }

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        var subject = Words.Container(facts.ContainerName);
        JudgeCgroup(judgement, subject, spec.CgroupsPath, facts.HasSystemdCgroups != false);
        JudgeScore(judgement, "runtimeSpec.process.oomScoreAdj", $"{subject} would start with", spec.OomScoreAdj, Behind);
        JudgeUnified(judgement, "runtimeSpec.linux.resources.unified", $"{subject} would start by writing", spec.Unified, Behind);
    }

    private static void JudgeParent(Judgement judgement, string field, string subject, string? parent, string remedy)
    {
        if (parent is null)
            return;
        foreach (var (rule, setting) in judgement.Demands(static r => r.Resources))
        {
            if (!setting.Contains(parent))
                judgement.Refuse(
                    rule, Control.Resources, field,
                    $"{subject} has {(parent.Length == 0 ? "no cgroup parent" : $"the cgroup parent {Words.Quote(parent)}")}, which is not below {Words.Quote(setting.CgroupParent!)}",
                    remedy);
        }
    }

    private static void JudgeCgroup(Judgement judgement, string subject, string path, bool systemd)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.Resources))
        {
            if (!setting.ContainsCgroup(path, systemd))
                judgement.Refuse(
                    rule, Control.Resources, "runtimeSpec.linux.cgroupsPath",
                    $"{subject} would start in {(path.Length == 0 ? "no cgroup of its own" : $"the cgroup {Words.Quote(path)}")}, which is not below {Words.Quote(setting.CgroupParent!)}",
                    Behind);
        }
    }

    private static void JudgeScore(Judgement judgement, string field, string asks, long score, string remedy)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.Resources))
        {
            if (setting.MinOomScoreAdj is { } least && score < least)
                judgement.Refuse(
                    rule, Control.Resources, field,
                    $"{asks} an OOM score adjustment of `{score.ToString(CultureInfo.InvariantCulture)}`, below `{least.ToString(CultureInfo.InvariantCulture)}`", remedy);
        }
    }

    private static void JudgeUnified(Judgement judgement, string field, string asks, IReadOnlyCollection<string> unified, string remedy)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.Resources))
        {
            if (setting.Beyond(unified) is { Count: > 0 } beyond)
                judgement.Refuse(rule, Control.Resources, field, $"{asks} cgroup files {Words.List(beyond)}", remedy);
        }
    }
}
