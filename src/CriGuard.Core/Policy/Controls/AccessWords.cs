using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>How messages name what a call is about, known to the runtime or not.</summary>
internal static class AccessWords
{
    public static string Subject(AccessFacts facts) => facts switch
    {
        { ContainerName: { } name } => Words.Container(name),
        { ContainerId: { Length: > 0 } id } => Words.Container(id),
        { Sandbox: { } sandbox } => Words.Pod(sandbox.Pod),
        _ => $"sandbox {Words.Quote(facts.SandboxId)}",
    };

    /// <summary>Behind the subject: why a rule applies that may not match.</summary>
    public static string Untold(AccessFacts facts) => facts.Sandbox is null ? ", of which the runtime does not tell the pod" : "";
}
