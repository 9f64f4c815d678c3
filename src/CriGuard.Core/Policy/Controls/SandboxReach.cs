using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>
/// What a rule gives and the handler does not apply to the workload (T-S11): said of each container, since a profile in the spec is no evidence there.
/// </summary>
internal static class SandboxReach
{
    private const string Context = "config.linux.security_context";

    public static void Report(Judgement judgement, HandlerEntry handler, ContainerFacts facts)
    {
        if (!handler.Can(Ability.Seccomp) && judgement.FirstRule(static r => r.Seccomp is not null) is { } seccomp)
            Report(judgement, seccomp, Control.Seccomp, $"{Context}.seccomp", "seccomp", handler, facts.Name);
        if (!handler.Can(Ability.AppArmor) && judgement.FirstRule(static r => r.AppArmor is not null) is { } appArmor)
            Report(judgement, appArmor, Control.AppArmor, $"{Context}.apparmor", "AppArmor", handler, facts.Name);
    }

    private static void Report(Judgement judgement, string rule, Control control, string field, string what, HandlerEntry handler, string container) =>
        judgement.Report(rule, control, field, $"{Words.Container(container)} runs under {handler.Words}, which applies no {what} profile of the node to it");
}
