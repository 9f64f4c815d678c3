using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>SELinux: both runtimes pass on what they are given, `spc_t` too, which is confined by nothing (T-A6).</summary>
internal static class SeLinuxControl
{
    private const string Field = "config.linux.security_context.selinux_options";
    private const string SpecField = "runtimeSpec.process.selinuxLabel";

    public static void Judge(Judgement judgement, SandboxFacts facts) => Judge(judgement, Words.Pod(facts.Pod), facts.SeLinux);

    public static void Judge(Judgement judgement, ContainerFacts facts) => Judge(judgement, Words.Container(facts.Name), facts.SeLinux);

    /// <summary>No label: SELinux is off, or the sandbox shares a namespace of the node, which is another control's.</summary>
    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        var parts = spec.SeLinuxLabel.Split(':');
        var demands = judgement.Demands(static r => r.SeLinux);
        if (demands.Count == 0 || spec.SeLinuxLabel.Length == 0)
            return;
        var (subject, type) = (Words.Container(facts.ContainerName), parts.Length > 2 ? parts[2] : spec.SeLinuxLabel);
        foreach (var (rule, setting) in demands)
        {
            if (setting.AllowsToStart(type))
                continue;
            if (facts.IsPrivileged)
                judgement.Report(rule, Control.SeLinux, SpecField, $"{subject} is privileged: it starts with SELinux type {Words.Quote(type)}");
            else
                judgement.Refuse(
                    rule, Control.SeLinux, SpecField, $"{subject} would start with SELinux type {Words.Quote(type)}",
                    "look for what changes it after the request: runtime configuration, NRI plugins");
        }
    }

    private static void Judge(Judgement judgement, string subject, SeLinuxRequest asked)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.SeLinux))
        {
            if (!setting.Allows(asked.Type))
                judgement.Refuse(
                    rule, Control.SeLinux, $"{Field}.type", $"{subject} asks for SELinux type {Words.Quote(asked.Type)}",
                    "leave `seLinuxOptions.type` out, so that the runtime chooses it");
            RefuseSet(judgement, rule, subject, "user", asked.User);
            RefuseSet(judgement, rule, subject, "role", asked.Role);
        }
    }

    private static void RefuseSet(Judgement judgement, string rule, string subject, string part, string value)
    {
        if (value.Length > 0)
            judgement.Refuse(
                rule, Control.SeLinux, $"{Field}.{part}", $"{subject} asks for SELinux {part} {Words.Quote(value)}", $"leave `seLinuxOptions.{part}` out");
    }
}
