using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>HostProcess, the privileged mode of Windows: nothing on Linux reads it, so whoever asks for it is at the wrong node (T-W).</summary>
internal static class HostProcessControl
{
    private const string Field = "config.windows.security_context.host_process";

    public static void Judge(Judgement judgement, SandboxFacts facts) => Judge(judgement, Words.Pod(facts.Pod), facts.AsksForHostProcess);

    public static void Judge(Judgement judgement, ContainerFacts facts) => Judge(judgement, Words.Container(facts.Name), facts.AsksForHostProcess);

    private static void Judge(Judgement judgement, string subject, bool asks)
    {
        if (asks && judgement.FirstRule(static r => r.DeniesHostProcess) is { } rule)
            judgement.Refuse(
                rule, Control.HostProcess, Field, $"{subject} asks to be a HostProcess of Windows", "take `windowsOptions.hostProcess` out");
    }
}
