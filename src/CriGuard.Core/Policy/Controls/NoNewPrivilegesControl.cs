using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>no_new_privs: set where a rule requires it, or refused without it; setuid and file capabilities then give nothing (T-U6).</summary>
internal static class NoNewPrivilegesControl
{
    private const string Field = "config.linux.security_context.no_new_privs";
    private const string SpecField = "runtimeSpec.process.noNewPrivileges";

    public static void Judge(Judgement judgement, ContainerFacts facts)
    {
        if (facts.NoNewPrivileges)
            return;
        var message = $"{Words.Container(facts.Name)} does not ask for no_new_privs";
        if (judgement.FirstRule(static r => r.RefusesWithoutNoNewPrivileges) is { } refusing)
            judgement.Refuse(refusing, Control.NoNewPrivileges, Field, message, "set `securityContext.allowPrivilegeEscalation` to false");
        else if (judgement.FirstRule(static r => r.RequiresNoNewPrivileges) is { } rule)
            judgement.Change(rule, Control.NoNewPrivileges, Field, message, "false", "true", new Edit.NoNewPrivileges());
    }

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        if (!spec.NoNewPrivileges && judgement.FirstRule(static r => r.RequiresNoNewPrivileges) is { } rule)
            judgement.Refuse(
                rule, Control.NoNewPrivileges, SpecField, $"{Words.Container(facts.ContainerName)} would start without no_new_privs",
                "look for what takes it away after the request: runtime configuration, NRI plugins");
    }
}
