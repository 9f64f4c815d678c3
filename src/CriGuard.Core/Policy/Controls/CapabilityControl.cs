using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Capabilities: a container holds what every rule allows; more is refused or taken out.</summary>
internal static class CapabilityControl
{
    private const string Field = "config.linux.security_context.capabilities";
    private const string AddField = Field + ".add_capabilities";
    private const string DropField = Field + ".drop_capabilities";
    private const string SpecField = "runtimeSpec.process.capabilities";
    private const string Remedy = "take it out of `securityContext.capabilities.add`";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        var demands = judgement.Demands(static r => r.Capabilities);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.Name);
        if (facts.Privileged)
        {
            judgement.Report(
                demands[0].Rule, Control.Capabilities, Field, $"{subject} is privileged: the runtime gives it every capability, whatever is listed");
            return;
        }

        var reading = CapabilityReading.Read(facts.Capabilities);
        if (!reading.Unknown.IsEmpty)
            judgement.Refuse(
                demands[0].Rule, Control.Capabilities, Field, $"{subject} names unknown capabilities {Words.List(reading.Unknown)}",
                "write names of capabilities(7) or `ALL`");
        var before = judgement.Findings.Count;
        JudgeAsked(judgement, demands, subject, reading);
        JudgeAll(judgement, demands, subject, reading);
        var dropsAll = JudgeDropAll(judgement, demands, subject, reading);
        if (!dropsAll)
            JudgeDefault(judgement, demands, subject, reading);
        if (!reading.Misspelt.IsEmpty)
            judgement.WillChange(
                demands[0].Rule, Control.Capabilities, Field,
                $"{subject} spells capabilities as {Words.List(reading.Misspelt)}: containerd knows only upper case without `CAP_`");
        var change = judgement.Findings.Skip(before).FirstOrDefault(static f => f.Effect == Effect.Change);
        if (change is null)
            return;
        var grant = dropsAll
            ? CapabilityGrant.OnlyAsked(Allowed(demands), reading)
            : CapabilityGrant.Within(Allowed(demands), AllowedOfDefault(demands), reading);
        var (asked, after) = (facts.Capabilities, Text(grant.Add, grant.Drop, []));
        judgement.Changes.Add(new Change(
            change.Rule, Control.Capabilities, Field, Text(asked.Add, asked.Drop, asked.AddAmbient), after,
            new Edit.Capabilities(grant.Add, grant.Drop)));
    }

    /// <summary>What the runtime will really give: nothing can be taken out any more, so more than is allowed refuses.</summary>
    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        var demands = judgement.Demands(static r => r.Capabilities);
        if (demands.Count == 0)
            return;
        var subject = Words.Container(facts.ContainerName);
        if (facts.IsPrivileged)
        {
            judgement.Report(demands[0].Rule, Control.Capabilities, SpecField, $"{subject} is privileged: it starts with every capability");
            return;
        }

        foreach (var (rule, setting) in demands)
        {
            var beyond = spec.Capabilities.Where(name => !IsIn(setting.AllowToStart, name)).ToList();
            if (beyond.Count > 0)
                judgement.Refuse(
                    rule, Control.Capabilities, SpecField, $"{subject} would start with {Words.List(beyond)}",
                    "look for what adds them after the request: runtime configuration, NRI plugins, CDI");
        }
    }

    /// <summary>What a container will hold under these rules, as far as the request tells it.</summary>
    internal static CapabilitySet Held(Judgement judgement, CapabilityRequest request)
    {
        var (reading, demands) = (CapabilityReading.Read(request), judgement.Demands(static r => r.Capabilities));
        var asked = reading.StartsFromAll ? CapabilitySet.All.Except(reading.Dropped) : reading.Asked;
        var kept = reading.StartsFromDefault && !demands.Exists(static d => d.Setting.RequiresDropAll) ? CapabilitySet.RuntimeDefault.Except(reading.Dropped) : CapabilitySet.Empty;
        return (asked & Allowed(demands)) | (kept & AllowedOfDefault(demands));
    }

    private static void JudgeAsked(Judgement judgement, List<Demand<CapabilitySetting>> demands, string subject, CapabilityReading reading)
    {
        var said = CapabilitySet.Empty;
        foreach (var (rule, setting) in RefusingFirst(demands))
        {
            var beyond = reading.Asked.Except(setting.Allow).Except(said);
            said |= beyond;
            if (!beyond.IsEmpty)
                JudgeBeyond(
                    judgement, rule, setting.Action,
                    $"{subject} asks for {(beyond.Count == 1 ? "capability" : "capabilities")} {Words.List(beyond.Names())}");
        }
    }

    private static void JudgeAll(Judgement judgement, List<Demand<CapabilitySetting>> demands, string subject, CapabilityReading reading)
    {
        if (!reading.StartsFromAll)
            return;
        var held = CapabilitySet.All.Except(reading.Dropped);
        foreach (var (rule, setting) in RefusingFirst(demands))
        {
            if (held.Except(CapabilitySet.SysModule).Except(setting.Allow).IsEmpty)
                continue;
            JudgeBeyond(judgement, rule, setting.Action, $"{subject} asks for all capabilities");
            return;
        }

        if (!(held & CapabilitySet.SysModule).IsEmpty)
            judgement.WillChange(
                demands[0].Rule, Control.Capabilities, AddField, $"{subject} asks for all capabilities: `SYS_MODULE` is never granted");
    }

    /// <summary>Nobody asked for these, so they are dropped whatever the rule does with requests.</summary>
    private static void JudgeDefault(Judgement judgement, List<Demand<CapabilitySetting>> demands, string subject, CapabilityReading reading)
    {
        if (!reading.StartsFromDefault)
            return;
        var said = reading.Added | reading.Dropped;
        foreach (var (rule, setting) in demands)
        {
            var beyond = CapabilitySet.RuntimeDefault.Except(setting.AllowOfDefault).Except(said);
            said |= beyond;
            if (!beyond.IsEmpty)
                judgement.WillChange(rule, Control.Capabilities, Field, $"{subject} would get {Words.List(beyond.Names())} by the runtime's default");
        }
    }

    /// <summary>True where a rule demands that `ALL` is dropped: then nothing of the default is kept, whatever else changes.</summary>
    private static bool JudgeDropAll(Judgement judgement, List<Demand<CapabilitySetting>> demands, string subject, CapabilityReading reading)
    {
        var demanding = RefusingFirst(demands).Where(static d => d.Setting.RequiresDropAll).ToList();
        if (demanding.Count == 0)
            return false;
        if (reading.DropsAll)
            return true;
        var ((rule, setting), message) = (demanding[0], $"{subject} does not drop all capabilities");
        if (setting.Action == CapabilityAction.Refuse)
            judgement.Refuse(rule, Control.Capabilities, DropField, message, "write `ALL` into `securityContext.capabilities.drop`");
        else
            judgement.WillChange(rule, Control.Capabilities, DropField, message);
        return true;
    }

    private static void JudgeBeyond(Judgement judgement, string rule, CapabilityAction action, string message)
    {
        if (action == CapabilityAction.Refuse)
            judgement.Refuse(rule, Control.Capabilities, AddField, message, Remedy);
        else
            judgement.WillChange(rule, Control.Capabilities, AddField, message);
    }

    /// <summary>Stable: rules of one action stay by name.</summary>
    private static IOrderedEnumerable<Demand<CapabilitySetting>> RefusingFirst(List<Demand<CapabilitySetting>> demands) =>
        demands.OrderBy(static d => d.Setting.Action);

    private static CapabilitySet Allowed(List<Demand<CapabilitySetting>> demands) =>
        demands.Aggregate(CapabilitySet.All, static (all, d) => all & d.Setting.Allow);

    private static CapabilitySet AllowedOfDefault(List<Demand<CapabilitySetting>> demands) =>
        demands.Aggregate(CapabilitySet.All, static (all, d) => all & d.Setting.AllowOfDefault);

    private static bool IsIn(CapabilitySet allowed, string name) =>
        CapabilityNames.TryParse(name, out var number) && !(allowed & CapabilitySet.Empty.With(number)).IsEmpty;

    private static string Text(ImmutableArray<string> add, ImmutableArray<string> drop, ImmutableArray<string> ambient)
    {
        (string Key, ImmutableArray<string> Names)[] lists = [("add", add), ("drop", drop), ("ambient", ambient)];
        var said = string.Join("; ", lists.Where(static l => !l.Names.IsEmpty).Select(static l => $"{l.Key} {string.Join(' ', l.Names)}"));
        return said.Length == 0 ? "unset" : said;
    }
}
