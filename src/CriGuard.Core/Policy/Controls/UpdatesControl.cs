using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Updates of resources: `unified` writes any file of the cgroup, annotations reach NRI plugins, and no admission sees either (T-R1, T-R2, T-N12).</summary>
internal static class UpdatesControl
{
    public static void Judge(Judgement judgement, AccessFacts facts)
    {
        if (facts.Update is not { } update)
            return;
        var (subject, untold) = (AccessWords.Subject(facts), AccessWords.Untold(facts));
        foreach (var (rule, setting) in judgement.Demands(static r => r.Updates))
        {
            if (setting.Denied)
            {
                judgement.Refuse(
                    rule, Control.Updates, facts.Method, $"update of the resources of {subject}{untold}",
                    "delete the pod and create it with other `resources`");
                continue;
            }

            Judge(judgement, rule, "unified", setting.Unified, update.Unified, $"update of {subject}{untold} sets files of its cgroup");
            Judge(judgement, rule, "annotations", setting.Annotations, update.Annotations, $"update of {subject}{untold} sets annotations");
        }
    }

    private static void Judge(Judgement judgement, string rule, string field, ImmutableArray<Glob> allowed, ImmutableSortedSet<string> asked, string message)
    {
        var beyond = asked.Where(name => !allowed.Any(glob => glob.Matches(name))).ToList();
        if (beyond.Count > 0)
            judgement.Refuse(
                rule, Control.Updates, field, $"{message} {Words.List(beyond)}",
                "resize by the pod's `resources`, or list what the kubelet must set in the rule's `updates`");
    }
}
