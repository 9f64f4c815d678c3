using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// Seccomp: a workload without a profile, or with Unconfined, gets the profile of the rule; where rules name bases, all have those under their own. A file
/// of its own that stays is weighed.
/// </summary>
internal static class SeccompControl
{
    private const string Field = "config.linux.security_context.seccomp";
    private const string SpecField = "runtimeSpec.linux.seccomp";

    /// <summary>The sandbox's own process holds no capability that a profile would open anything for.</summary>
    public static void Judge(Judgement judgement, NodeFacts node, SandboxFacts facts) =>
        Judge(judgement, node, Words.Pod(facts.Pod), facts.Privileged == true, facts.Seccomp, CapabilitySet.Empty);

    public static void Judge(Judgement judgement, NodeFacts node, ContainerFacts facts) =>
        Judge(judgement, node, Words.Container(facts.Name), facts.Privileged, facts.Seccomp, CapabilityControl.Held(judgement, facts.Capabilities));

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        var demands = judgement.Demands(SeccompDemand.Of);
        if (demands.Count == 0 || spec.SeccompDefaultAction is not null)
            return;
        var subject = Words.Container(facts.ContainerName);
        if (facts.IsPrivileged)
            judgement.Report(demands[0].Rule, Control.Seccomp, SpecField, $"{subject} is privileged: it starts without a seccomp filter");
        else
            judgement.Refuse(
                demands[0].Rule, Control.Seccomp, SpecField, $"{subject} would start without a seccomp filter",
                "look for what takes it away after the request: runtime configuration, NRI plugins");
    }

    /// <summary>No profile reaches a privileged workload (T-S2), so none is promised.</summary>
    private static void Judge(Judgement judgement, NodeFacts node, string subject, bool privileged, SecurityProfile? asked, CapabilitySet held)
    {
        var demands = judgement.Demands(SeccompDemand.Of);
        if (demands.Count == 0)
            return;
        if (privileged)
            judgement.Report(demands[0].Rule, Control.Seccomp, Field, $"{subject} is privileged: the runtime applies no seccomp profile");
        else if (demands.Exists(static d => d.Setting.Base is not null))
            new SeccompComposition(judgement, node, subject, held, Field).Judge(demands, asked);
        else if (asked is null or { Kind: SecurityProfileKind.Unconfined })
            ProfileDemands.Give(
                judgement, judgement.Demands(static r => r.Seccomp), Control.Seccomp, Field, subject, asked, static profile => new Edit.Seccomp(profile));
        else if (asked.Kind == SecurityProfileKind.Localhost && node.SeccompFiles.GetValueOrDefault(asked.Reference) is { } own)
            Weigh(judgement, demands[0].Rule, node, subject, own, held);
    }

    /// <summary>Nothing is put under a file that stays as it is, so what it is worth is said: where it lies (T-S3), and what it lets through (T-S4).</summary>
    private static void Weigh(Judgement judgement, string rule, NodeFacts node, string subject, LocalProfile own, CapabilitySet held)
    {
        if (own.Profile is null)
            judgement.Report(rule, Control.Seccomp, Field, $"{subject} asks for seccomp profile {Words.Quote(own.Path)}, which criguard would not use: {own.Problem}");
        else if (node.Seccomp is { } at)
            SeccompWeight.Report(judgement, rule, Field, subject, own, new ProfileContext(held, at.Machine, at.Kernel), "allows");
    }
}
