namespace CriGuard.Core.Workloads;

/// <summary>What is known of a created container before it starts: all of it from the runtime.</summary>
public sealed record StartFacts
{
    public required SandboxFacts Sandbox { get; init; }

    public required string ContainerName { get; init; }

    public required ImageFacts Image { get; init; }

    /// <summary>Null where the runtime does not tell its spec: a rule that needs it then refuses.</summary>
    public required EffectiveSpec? Spec { get; init; }
}
