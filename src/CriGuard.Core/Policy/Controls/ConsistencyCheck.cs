using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>What contradicts the sandbox that the runtime has; always looked at, with or without rules.</summary>
internal static class ConsistencyCheck
{
    private const string Metadata = "sandbox_config.metadata";
    private const string Context = "config.linux.security_context";

    public static void Judge(Judgement builtIn, SandboxFacts facts) => ReportAnomalies(builtIn, facts.Anomalies);

    public static void Judge(Judgement builtIn, PullFacts facts) => ReportAnomalies(builtIn, facts.Anomalies);

    /// <param name="builtIn">Takes what is found.</param>
    /// <param name="enforced">Says whether a rule binds what is only reported otherwise.</param>
    /// <param name="facts">The container to be created.</param>
    public static void Judge(Judgement builtIn, Judgement enforced, ContainerFacts facts)
    {
        JudgeIdentity(builtIn, facts);
        JudgeLatePrivilege(builtIn, enforced, facts);
        JudgeNamespaces(builtIn, enforced, facts);
        JudgeTarget(builtIn, facts);
        ReportAnomalies(builtIn, [.. facts.Anomalies.Union(facts.Sandbox.Anomalies).Union(facts.Resent?.Anomalies ?? [])]);
    }

    /// <summary>The sandbox of one pod with the configuration of another (T-C4), or with labels or annotations edited since (T-C1).</summary>
    private static void JudgeIdentity(Judgement builtIn, ContainerFacts facts)
    {
        if (facts.Resent is not { } resent)
            return;
        var (subject, pinned) = (Words.Container(facts.Name), facts.Sandbox);
        if (resent.Pod != pinned.Pod)
        {
            builtIn.Refuse(
                Finding.BuiltIn, Control.Consistency, Metadata,
                $"{subject} comes with the configuration of {Named(resent.Pod)} for a sandbox of {Named(pinned.Pod)}",
                "send the configuration that the sandbox was run with");
        }

        ReportEdited(builtIn, pinned.Pod, "labels", pinned.Labels, resent.Labels);
        ReportEdited(builtIn, pinned.Pod, "annotations", pinned.Annotations, resent.Annotations);
    }

    private static void ReportEdited(
        Judgement builtIn, PodIdentity pod, string what, ImmutableSortedDictionary<string, string> pinned, ImmutableSortedDictionary<string, string> resent)
    {
        var edited = resent.Except(pinned).Concat(pinned.Except(resent)).Select(static l => l.Key).Distinct().Order(StringComparer.Ordinal).ToList();
        if (edited.Count > 0)
            builtIn.Report(
                Finding.BuiltIn, Control.Consistency, $"sandbox_config.{what}", $"{Words.Pod(pod)} has other {what} than it was run with: {Words.List(edited)}");
    }

    /// <summary>A container that nobody judged when it was made (T-C8); a log that cannot be read says nothing of it.</summary>
    public static void JudgeOrigin(Judgement builtIn, Unaccounted unaccounted, StartFacts facts)
    {
        const string field = "container_id";
        var message = $"{Words.Container(facts.ContainerName)} was not seen to be created through criguard: this node's log {(facts.Accounted is null ? "cannot be read" : "does not have it")}";
        if (unaccounted == Unaccounted.Deny && facts.Accounted != true)
            builtIn.Refuse(Finding.BuiltIn, Control.Unaccounted, field, message, "delete the pod, so that it is created anew");
        else if (facts.Accounted == false)
            builtIn.Report(Finding.BuiltIn, Control.Unaccounted, field, message);
    }

    /// <summary>The kubelet promises to say it when the sandbox is run (T-C2).</summary>
    private static void JudgeLatePrivilege(Judgement builtIn, Judgement enforced, ContainerFacts facts)
    {
        if (!facts.Privileged || facts.Sandbox.Privileged != false)
            return;
        var message = $"{Words.Container(facts.Name)} is privileged in a sandbox that was run as not privileged";
        if (enforced.FirstRule(static r => r.DeniesPrivileged) is null)
            builtIn.Report(Finding.BuiltIn, Control.Consistency, $"{Context}.privileged", message);
        else
            builtIn.Refuse(Finding.BuiltIn, Control.Consistency, $"{Context}.privileged", message, "set `securityContext.privileged` to false");
    }

    private static void JudgeNamespaces(Judgement builtIn, Judgement enforced, ContainerFacts facts)
    {
        var (asked, has) = (facts.Namespaces, facts.Sandbox.Namespaces);
        (string Name, NamespaceMode Asked, NamespaceMode Has)[] kinds =
        [
            ("network", asked.Network, has.Network), ("pid", asked.Pid, has.Pid), ("ipc", asked.Ipc, has.Ipc),
        ];
        foreach (var kind in kinds)
        {
            if (kind.Asked != NamespaceMode.Node && kind.Has == NamespaceMode.Node && kind.Asked != NamespaceMode.Target)
                builtIn.Report(
                    Finding.BuiltIn, Control.Consistency, $"{Context}.namespace_options.{kind.Name}",
                    $"{Words.Container(facts.Name)} does not ask for the node's {kind.Name} namespace, which its sandbox shares: runtimes differ on which counts");
            if (kind.Asked != NamespaceMode.Node || kind.Has == NamespaceMode.Node)
                continue;
            var (field, message) = (
                $"{Context}.namespace_options.{kind.Name}",
                $"{Words.Container(facts.Name)} asks for the node's {kind.Name} namespace in a sandbox that has its own");
            if (enforced.FirstRule(static r => r.HostNamespaces is not null) is null)
                builtIn.Report(Finding.BuiltIn, Control.Consistency, field, message);
            else
                builtIn.Refuse(Finding.BuiltIn, Control.Consistency, field, message, "ask for the same namespaces for the pod and its containers");
        }
    }

    /// <summary>A container joins the processes of one of its own pod: containerd holds it to that, CRI-O takes any container of the node (T-C3).</summary>
    private static void JudgeTarget(Judgement builtIn, ContainerFacts facts)
    {
        if (!facts.JoinsProcesses || (facts.Neighbours is { } others && others.Any(other => other.Id == facts.PidTarget)))
            return;
        builtIn.Refuse(
            Finding.BuiltIn, Control.Consistency, $"{Context}.namespace_options.target_id",
            $"{Words.Container(facts.Name)} joins the processes of container {Words.Quote(facts.PidTarget)}, which is none of its own pod",
            "name a container of the same pod in `targetContainerName`");
    }

    public static void ReportAnomalies(Judgement builtIn, ImmutableArray<Anomaly> anomalies)
    {
        foreach (var anomaly in anomalies)
            builtIn.Report(Finding.BuiltIn, Control.Consistency, anomaly.Field, anomaly.Message);
    }

    private static string Named(PodIdentity pod) => $"{Words.Quote(pod.ToString())} ({Words.Quote(pod.Uid)})";
}
