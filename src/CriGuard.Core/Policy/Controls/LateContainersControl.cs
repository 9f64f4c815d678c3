using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// Late containers (T-K1): ephemeral ones have no mark on the wire. One that joins the processes of another container is one for certain; one of a new
/// name in a pod that has been at rest for a while is one by all likelihood. Beyond that they are judged like every container.
/// </summary>
internal static class LateContainersControl
{
    private const string Target = "config.linux.security_context.namespace_options.pid";
    private const string Name = "config.metadata.name";

    public static void Judge(Judgement judgement, NodeFacts node, ContainerFacts facts)
    {
        var joins = facts.Namespaces.Pid == NamespaceMode.Target;
        foreach (var (rule, setting) in judgement.Demands(static r => r.LateContainers))
        {
            var (field, message) = joins
                ? (Target, $"{Words.Container(facts.Name)} joins the processes of another container, as ephemeral ones do")
                : (Name, $"{Words.Container(facts.Name)} comes to {Words.Pod(facts.Sandbox.Pod)}, which has run without a new one for {Minutes(setting.After)}");
            if (!joins && !IsLate(facts, node.Now, setting.After))
                continue;
            if (setting.Action == LateAction.Deny)
                judgement.Refuse(rule, Control.LateContainers, field, message, "put it into the pod's own `containers`, and let the pod be run anew");
            else
                judgement.Report(rule, Control.LateContainers, field, message);
        }
    }

    /// <summary>A known name is a restart, and a container that came lately may still belong to the start of the pod.</summary>
    private static bool IsLate(ContainerFacts facts, DateTimeOffset now, TimeSpan after) =>
        facts.Neighbours is { } others
        && others.Any(static n => n.Running)
        && !others.Any(n => n.Name == facts.Name)
        && now - others.Max(static n => n.Created) >= after;

    private static string Minutes(TimeSpan after) => after.TotalSeconds < 120 ? $"{after.TotalSeconds:0} s" : $"{after.TotalMinutes:0} min";
}
