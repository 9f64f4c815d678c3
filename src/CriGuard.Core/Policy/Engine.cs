using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>Decides: pure and total, the same facts under the same policy always give the same verdict.</summary>
public static class Engine
{
    /// <summary>RunPodSandbox.</summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, SandboxFacts facts)
    {
        var (builtIn, enforced) = (Judgement.BuiltIn(), Judge(RuleMode.Enforce));
        ConsistencyCheck.Judge(builtIn, facts);
        LogPathCheck.Judge(builtIn, node, facts);
        AnnotationControl.Report(builtIn, enforced, facts);
        SandboxControl.ReportWeakening(builtIn, policy.Handlers, facts, enforced.Changes);
        return Compose(policy, builtIn, enforced, Judge(RuleMode.Audit));

        Judgement Judge(RuleMode mode)
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            SeccompControl.Judge(judgement, node, facts);
            PrivilegedControl.Judge(judgement, facts);
            HostNamespacesControl.Judge(judgement, facts);
            SandboxControl.Judge(judgement, node, policy.Handlers, facts);
            SeLinuxControl.Judge(judgement, facts);
            SysctlsControl.Judge(judgement, facts);
            HostPortsControl.Judge(judgement, facts);
            UserNamespacesControl.Judge(judgement, facts);
            HostProcessControl.Judge(judgement, facts);
            AnnotationControl.Judge(judgement, facts);
            RuntimeHandlersControl.Judge(judgement, policy.Handlers, facts);
            ResourceControl.Judge(judgement, facts);
            return judgement;
        }
    }

    /// <summary>CreateContainer.</summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, ContainerFacts facts)
    {
        var (builtIn, enforced) = (Judgement.BuiltIn(), Judge(RuleMode.Enforce));
        ConsistencyCheck.Judge(builtIn, enforced, facts);
        PrivilegedByParts.Judge(builtIn, facts);
        AnnotationControl.Report(builtIn, enforced, facts);
        ImageCheck.Judge(builtIn, node, facts);
        LogPathCheck.Judge(builtIn, node, facts);
        HostPathsControl.JudgeBuiltIn(builtIn, enforced, MountList.Of(node, facts));
        return Compose(policy, builtIn, enforced, Judge(RuleMode.Audit));

        Judgement Judge(RuleMode mode)
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            SeccompControl.Judge(judgement, node, facts);
            AppArmorControl.Judge(judgement, node, facts);
            CapabilityControl.Judge(judgement, facts);
            PrivilegedControl.Judge(judgement, facts);
            HostNamespacesControl.Judge(judgement, facts);
            NoNewPrivilegesControl.Judge(judgement, facts);
            SandboxControl.Check(judgement, policy.Handlers, facts);
            RunAsUserControl.Judge(judgement, facts);
            GroupsControl.Judge(judgement, facts);
            SeLinuxControl.Judge(judgement, facts);
            ReadOnlyRootFilesystemControl.Judge(judgement, facts);
            ProcMountControl.Judge(judgement, facts);
            UserNamespacesControl.Judge(judgement, facts);
            HostProcessControl.Judge(judgement, facts);
            DeviceControl.Judge(judgement, node, facts);
            AnnotationControl.Judge(judgement, facts);
            ImageControl.Judge(judgement, facts);
            RuntimeHandlersControl.Check(judgement, facts.Sandbox, facts.Name);
            ResourceControl.Judge(judgement, facts);
            JudgeMounts(judgement, MountList.Of(node, facts));
            LateContainersControl.Judge(judgement, node, facts);
            return judgement;
        }
    }

    /// <summary>StartContainer: what the runtime will really start, against what the rules demand; nothing can be changed any more (T-C6).</summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, StartFacts facts)
    {
        var drift = facts.Spec is { } effective ? SpecDrift.Between(node, facts, effective) : [];
        var (builtIn, enforced) = (Judgement.BuiltIn(), Judge(RuleMode.Enforce));
        DriftControl.Report(builtIn, enforced, facts, drift);
        ConsistencyCheck.JudgeOrigin(builtIn, policy.Unaccounted, facts);
        if (facts.Spec is { } started)
            HostPathsControl.JudgeBuiltIn(builtIn, enforced, MountList.Of(node, facts, started));
        return Compose(policy, builtIn, enforced, Judge(RuleMode.Audit));

        Judgement Judge(RuleMode mode)
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            SandboxControl.Check(judgement, policy.Handlers, facts.Sandbox, facts.ContainerName);
            AnnotationControl.Check(judgement, facts);
            ImageControl.Check(judgement, facts);
            RuntimeHandlersControl.Check(judgement, facts.Sandbox, facts.ContainerName);
            DriftControl.Check(judgement, facts, drift);
            if (facts.Spec is { } spec)
                Check(judgement, node, facts, spec);
            else if (judgement.FirstRule(static r => r.NeedsSpec) is { } rule)
                judgement.Refuse(
                    rule, Control.Consistency, "runtimeSpec",
                    $"the runtime does not tell the effective spec of {Words.Container(facts.ContainerName)}",
                    "use a runtime whose verbose container status has it");
            return judgement;
        }
    }

    /// <summary>PullImage.</summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, PullFacts facts)
    {
        var (builtIn, enforced) = (Judgement.BuiltIn(), Judge(RuleMode.Enforce));
        ConsistencyCheck.Judge(builtIn, facts);
        AnnotationControl.Report(builtIn, enforced, facts);
        ImageCheck.Judge(builtIn, node, facts);
        return Compose(policy, builtIn, enforced, Judge(RuleMode.Audit));

        Judgement Judge(RuleMode mode)
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            AnnotationControl.Judge(judgement, facts);
            ImageControl.Judge(judgement, facts);
            SandboxControl.Judge(judgement, policy.Handlers, facts);
            return judgement;
        }
    }

    /// <summary>Calls that enter, resize, checkpoint or end a workload, and calls whose meaning is not known.</summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, AccessFacts facts)
    {
        var builtIn = Judgement.BuiltIn();
        ConsistencyCheck.ReportAnomalies(builtIn, facts.Anomalies);
        if (facts.Unknown)
            JudgeUnknown(builtIn, policy.UnknownMethods, facts.Method);

        // What ends a workload is never denied: the kubelet would try for ever, and the workload would run on.
        return facts.Unknown || facts.Ends ? Compose(policy, builtIn) : Compose(policy, builtIn, Judge(RuleMode.Enforce), Judge(RuleMode.Audit));

        Judgement Judge(RuleMode mode)
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            AccessControl.Judge(judgement, facts);
            UpdatesControl.Judge(judgement, facts);
            CheckpointsControl.Judge(judgement, node, policy.Handlers, facts);
            return judgement;
        }
    }

    /// <summary>
    /// RestorePod: as RunPodSandbox and a CreateContainer for each container. The checkpoint decides what runs, whatever the request says, so
    /// nothing is changed: what would be is refused (T-P3).
    /// </summary>
    public static Verdict Evaluate(CompiledPolicy policy, NodeFacts node, RestoreFacts facts)
    {
        var findings = new List<Finding>(Evaluate(policy, node, facts.Sandbox).Findings);
        for (var i = 0; i < facts.Containers.Length; i++)
        {
            var field = $"container_configs[{i.ToString(CultureInfo.InvariantCulture)}].";
            findings.AddRange(
                Evaluate(policy, facts.Nodes.IsEmpty ? node : facts.Nodes[i], facts.Containers[i]).Findings
                    .Select(f => f.Field.StartsWith("config.", StringComparison.Ordinal) ? f with { Field = field + f.Field["config.".Length..] } : f));
        }

        foreach (var mode in (ReadOnlySpan<RuleMode>)[RuleMode.Enforce, RuleMode.Audit])
        {
            var judgement = policy.Judgement(mode, node, Subject.Of(node, facts));
            CheckpointsControl.Judge(judgement, node, policy.Handlers, facts);
            findings.AddRange(judgement.Findings);
        }

        return new Verdict(policy.Revision, Ordered(findings.Select(Unchangeable).Distinct()), []);
    }

    private static Finding Unchangeable(Finding finding) => finding.Effect != Effect.Change
        ? finding
        : finding with { Effect = Effect.Refuse, Remedy = "say it in the pod before it is checkpointed: what is restored cannot be changed" };

    private static void JudgeUnknown(Judgement builtIn, UnknownMethods policy, string method)
    {
        var message = $"method {Words.Quote(method)} is not known to this version";
        if (policy == UnknownMethods.Relay)
            builtIn.Report(Finding.BuiltIn, Control.UnknownMethod, "", message);
        else
            builtIn.Refuse(Finding.BuiltIn, Control.UnknownMethod, "", message, "update criguard, or set `unknownMethods: relay` in the policy");
    }

    private static void Check(Judgement judgement, NodeFacts node, StartFacts facts, EffectiveSpec spec)
    {
        SeccompControl.Check(judgement, facts, spec);
        AppArmorControl.Check(judgement, node, facts, spec);
        CapabilityControl.Check(judgement, facts, spec);
        PrivilegedControl.Check(judgement, facts, spec);
        HostNamespacesControl.Check(judgement, facts, spec);
        NoNewPrivilegesControl.Check(judgement, facts, spec);
        RunAsUserControl.Check(judgement, facts, spec);
        GroupsControl.Check(judgement, facts, spec);
        SeLinuxControl.Check(judgement, facts, spec);
        ReadOnlyRootFilesystemControl.Check(judgement, facts, spec);
        ProcMountControl.Check(judgement, facts, spec);
        UserNamespacesControl.Check(judgement, facts, spec);
        DeviceControl.Check(judgement, node, facts, spec);
        ResourceControl.Check(judgement, facts, spec);
        JudgeMounts(judgement, MountList.Of(node, facts, spec));
    }

    /// <summary>Asked for or about to be started: the same rules, since a link can change its target in between (T-M2).</summary>
    private static void JudgeMounts(Judgement judgement, MountList mounts)
    {
        HostPathsControl.Judge(judgement, mounts);
        VolumesControl.Judge(judgement, mounts);
        MountsControl.Judge(judgement, mounts);
    }

    private static Verdict Compose(CompiledPolicy policy, params ReadOnlySpan<Judgement> judgements)
    {
        var (findings, changes) = (new List<Finding>(), new List<Change>());
        foreach (var judgement in judgements)
        {
            findings.AddRange(judgement.Findings);
            if (judgement.Mode == RuleMode.Enforce)
                changes.AddRange(judgement.Changes);
        }

        var verdict = new Verdict(policy.Revision, Ordered(findings), []);
        return verdict.IsRefusal ? verdict : verdict with { Changes = [.. changes.OrderBy(static c => c.Field, StringComparer.Ordinal)] };
    }

    /// <summary>Enforced before audited, refusals before changes before reports, then by control, rule and field.</summary>
    private static ImmutableArray<Finding> Ordered(IEnumerable<Finding> findings) =>
    [
        .. findings.OrderBy(static f => f.Mode).ThenByDescending(static f => f.Effect).ThenBy(static f => f.Control)
            .ThenBy(static f => f.Rule, StringComparer.Ordinal).ThenBy(static f => f.Field, StringComparer.Ordinal)
            .ThenBy(static f => f.Message, StringComparer.Ordinal),
    ];
}
