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
        var demands = Demands(judgement, facts.Privileged);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.Name);
        if (node.AppArmorProfiles is not { } loaded)
        {
            SwitchedOff(judgement, demands, Field, subject);
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
        var demands = Demands(judgement, facts.IsPrivileged);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.ContainerName);
        if (node.AppArmorProfiles is not { } loaded)
        {
            if (demands.Exists(static d => d.Setting.RefusesWithout))
                SwitchedOff(judgement, demands, SpecField, subject);
            return;
        }

        if (spec.AppArmorProfile is not ("" or "unconfined"))
        {
            if (!loaded.Contains(spec.AppArmorProfile))
                judgement.Refuse(
                    demands[0].Rule, Control.AppArmor, SpecField,
                    $"{subject} would start under AppArmor profile {Words.Quote(spec.AppArmorProfile)}, which is not loaded in enforce mode", "load it in enforce mode on the node");
            return;
        }

        var usable = Usable(judgement, demands, loaded, SpecField, subject, facts.IsPrivileged);
        if (usable.Count > 0)
            judgement.Refuse(
                usable[0].Rule, Control.AppArmor, SpecField, $"{subject} would start without an AppArmor profile",
                "look for what takes it away after the request: runtime configuration, NRI plugins");
    }

    /// <summary>What rules ask for a container of this kind.</summary>
    private static List<Demand<Wish>> Demands(Judgement judgement, bool privileged) => judgement.Demands(
        r => ((privileged ? r.AppArmorOfPrivileged : null) ?? r.AppArmor) is { } profile ? new Wish(profile, r.RefusesWithoutAppArmor) : null);

    /// <summary>Demands that can be met here; each other one is a finding, since a name that is not enforced would confine nothing.</summary>
    private static List<Demand<SecurityProfile>> Usable(
        Judgement judgement, List<Demand<Wish>> demands, ImmutableSortedSet<string> loaded, string field, string subject, bool privileged)
    {
        var usable = new List<Demand<SecurityProfile>>();
        foreach (var demand in demands)
        {
            var profile = demand.Setting.Profile;
            if (profile.Kind == SecurityProfileKind.Localhost && !loaded.Contains(profile.Reference))
                Miss(judgement, demand, field, $"profile {Words.Quote(profile.Reference)} is not loaded in enforce mode: {subject} is not given it");
            else if (profile.Kind == SecurityProfileKind.RuntimeDefault && privileged)
                Miss(judgement, demand, field, $"{subject} is privileged: the runtime applies no default AppArmor profile");
            else
                usable.Add(new Demand<SecurityProfile>(demand.Rule, profile));
        }

        return usable;
    }

    private static void SwitchedOff(Judgement judgement, List<Demand<Wish>> demands, string field, string subject)
    {
        var strict = demands.FindIndex(static d => d.Setting.RefusesWithout);
        Miss(judgement, demands[Math.Max(strict, 0)], field, $"{subject} runs without AppArmor: this node has it switched off");
    }

    /// <summary>What a rule asks for cannot be had here: said, or the end of the request where the rule has `missing: refuse`.</summary>
    private static void Miss(Judgement judgement, Demand<Wish> demand, string field, string message)
    {
        if (demand.Setting.RefusesWithout)
            judgement.Refuse(demand.Rule, Control.AppArmor, field, message, "see that the profile of the rule is loaded in enforce mode on this node (`aa-status`)");
        else
            judgement.Report(demand.Rule, Control.AppArmor, field, message);
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

    private sealed record Wish(SecurityProfile Profile, bool RefusesWithout);
}
