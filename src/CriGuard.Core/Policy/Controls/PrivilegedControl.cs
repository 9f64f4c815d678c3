using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Privileged: a container with every capability, no seccomp, no masks and the node's devices (T-U10) can only be refused.</summary>
internal static class PrivilegedControl
{
    private const string Field = "config.linux.security_context.privileged";
    private const string SpecField = "runtimeSpec.linux.maskedPaths";
    private const string Remedy = "set `securityContext.privileged` to false and ask for what is needed by name";

    public static void Judge(Judgement judgement, SandboxFacts facts) => Judge(judgement, Words.Pod(facts.Pod), facts.Privileged == true);

    public static void Judge(Judgement judgement, ContainerFacts facts) => Judge(judgement, Words.Container(facts.Name), facts.Privileged);

    public static void Check(Judgement judgement, StartFacts facts, EffectiveSpec spec)
    {
        if (judgement.FirstRule(static r => r.DeniesPrivileged) is not { } rule)
            return;
        var subject = Words.Container(facts.ContainerName);
        if (facts.Privileged == true)
            judgement.Refuse(rule, Control.Privileged, Field, $"{subject} was created privileged", Remedy);
        else if (spec.MaskedPaths.IsEmpty)
            judgement.Refuse(
                rule, Control.Privileged, SpecField, $"{subject} would start with nothing of /proc and /sys masked, as a privileged one does",
                "leave `securityContext.procMount` at its default");
    }

    private static void Judge(Judgement judgement, string subject, bool privileged)
    {
        if (privileged && judgement.FirstRule(static r => r.DeniesPrivileged) is { } rule)
            judgement.Refuse(rule, Control.Privileged, Field, $"{subject} is privileged", Remedy);
    }
}
