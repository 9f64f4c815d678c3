using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The groups of a container: those that are asked for when it is made, and those that the image adds before it starts.</summary>
internal static class GroupsControl
{
    private const string Context = "config.linux.security_context";
    private const string SpecField = "runtimeSpec.process.user";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.Groups);
        if (demands.Count == 0)
            return;
        var (subject, user) = (Words.Container(facts.Name), facts.User);
        if (user.Supplemental.Prepend(user.Group ?? 0).FirstOrDefault(static g => g is < 0 or > ResolvedUser.Largest) is not 0 and var cut)
            judgement.Refuse(
                demands[0].Rule, Control.Groups, user.Group == cut ? $"{Context}.run_as_group" : $"{Context}.supplemental_groups",
                $"{subject} asks for group {Words.Quote(IdRange.Text(cut))}, which is no group: runtimes cut such numbers to others",
                $"use groups up to {IdRange.Text(ResolvedUser.Largest)}");
        if (user.Group is { } group)
            Judge(judgement, demands, $"{Context}.run_as_group", $"{subject} asks for", [group], "set `runAsGroup` to a group that is allowed");
        Judge(
            judgement, demands, $"{Context}.supplemental_groups", $"{subject} asks for", user.Supplemental,
            "take it out of `supplementalGroups` and `fsGroup`");
        if (user.AddsGroupsOfImage)
            judgement.Report(
                demands[0].Rule, Control.Groups, $"{Context}.supplemental_groups_policy",
                $"{subject} gets the groups too that its image's `/etc/group` has for its user: they are judged when it starts");
    }

    /// <summary>All of them, where Strict was asked of a runtime that does not know it too (T-U7).</summary>
    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec) => Judge(
        judgement, judgement.Demands(static r => r.Groups), SpecField, $"{Words.Container(facts.ContainerName)} would start in", spec.Groups,
        "set `runAsGroup`, and take the user out of that group in the image's `/etc/group`");

    private static void Judge(
        Judgement judgement, List<Demand<GroupsSetting>> demands, string field, string verb, IReadOnlyCollection<long> groups, string remedy)
    {
        foreach (var (rule, setting) in demands)
        {
            var beyond = groups.Where(g => !setting.Allows(g)).Select(IdRange.Text).Distinct().ToList();
            if (beyond.Count > 0)
                judgement.Refuse(rule, Control.Groups, field, $"{verb} {(beyond.Count == 1 ? "group" : "groups")} {Words.List(beyond)}", remedy);
        }
    }
}
