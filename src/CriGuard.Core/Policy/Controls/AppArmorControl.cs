using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>AppArmor: a container without a profile, or with Unconfined, gets the profile of the rule if the kernel can enforce it.</summary>
internal static class AppArmorControl
{
    private const string Field = "config.linux.security_context.apparmor";
    private const string SpecField = "runtimeSpec.process.apparmorProfile";

    public static void Judge(Judgement judgement, NodeFacts node, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.AppArmor);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.Name);
        if (node.AppArmorProfiles is not { } loaded)
        {
            judgement.Report(demands[0].Rule, Control.AppArmor, Field, $"{subject} runs without AppArmor: this node has it switched off");
            return;
        }

        var usable = Usable(judgement, demands, loaded, Field, subject, facts.Privileged);
        if (facts.AppArmor is { Kind: SecurityProfileKind.Localhost } asked)
        {
            if (!loaded.Contains(asked.Reference))
                RefuseUnenforced(judgement, demands[0].Rule, subject, asked);
            return;
        }

        if (usable.Count > 0 && IsUnconfined(facts))
            ProfileDemands.Give(judgement, usable, Control.AppArmor, Field, subject, facts.AppArmor, static profile => new Edit.AppArmor(profile));
    }

    public static void Check(Judgement judgement, NodeFacts node, StartFacts facts, EffectiveSpec spec)
    {
        var demands = judgement.Demands(static r => r.AppArmor);
        if (demands.Count == 0 || node.AppArmorProfiles is not { } loaded || spec.AppArmorProfile is not ("" or "unconfined"))
            return;
        var subject = Words.Container(facts.ContainerName);
        var usable = Usable(judgement, demands, loaded, SpecField, subject, facts.IsPrivileged);
        if (usable.Count > 0)
            judgement.Refuse(
                usable[0].Rule, Control.AppArmor, SpecField, $"{subject} would start without an AppArmor profile",
                "look for what takes it away after the request: runtime configuration, NRI plugins");
    }

    /// <summary>Demands that can be met here; each other one is reported, since a name that is not enforced would confine nothing.</summary>
    private static List<Demand<SecurityProfile>> Usable(
        Judgement judgement, List<Demand<SecurityProfile>> demands, ImmutableSortedSet<string> loaded, string field, string subject, bool privileged)
    {
        var usable = new List<Demand<SecurityProfile>>();
        foreach (var demand in demands)
        {
            var (rule, profile) = demand;
            if (profile.Kind == SecurityProfileKind.Localhost && !loaded.Contains(profile.Reference))
                judgement.Report(
                    rule, Control.AppArmor, field,
                    $"profile {Words.Quote(profile.Reference)} is not loaded in enforce mode: {subject} is not given it");
            else if (profile.Kind == SecurityProfileKind.RuntimeDefault && privileged)
                judgement.Report(rule, Control.AppArmor, field, $"{subject} is privileged: the runtime applies no default AppArmor profile");
            else
                usable.Add(demand);
        }

        return usable;
    }

    /// <summary>The default profile does not reach a privileged container, a named one does (T-A3).</summary>
    private static bool IsUnconfined(ContainerFacts facts) =>
        facts.AppArmor is null or { Kind: SecurityProfileKind.Unconfined } || (
            facts.Privileged && facts.AppArmor.Kind == SecurityProfileKind.RuntimeDefault);

    /// <summary>Runtimes ask only that the name exists: one in complain mode confines nothing (T-A2).</summary>
    private static void RefuseUnenforced(Judgement judgement, string rule, string subject, SecurityProfile asked) =>
        judgement.Refuse(
            rule, Control.AppArmor, Field, $"{subject} asks for AppArmor profile {Words.Quote(asked.Reference)}, which is not loaded in enforce mode",
            "load it in enforce mode on the node, or ask for `RuntimeDefault`");
}
