using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What RestorePod asks for: a sandbox and all its containers at once, with the state of a checkpoint.</summary>
public sealed record RestoreFacts
{
    /// <summary>As RunPodSandbox would ask for it.</summary>
    public required SandboxFacts Sandbox { get; init; }

    /// <summary>As CreateContainer would ask for each, in that sandbox.</summary>
    public required ImmutableArray<ContainerFacts> Containers { get; init; }

    /// <summary>What the node knows of what each of them names, in their order; empty: the same of all.</summary>
    public ImmutableArray<NodeFacts> Nodes { get; init; } = [];

    /// <summary>Directory of the node that holds the checkpoint.</summary>
    public required string CheckpointPath { get; init; }

    /// <summary>Names of options that only the runtime understands.</summary>
    public ImmutableSortedSet<string> Options { get; init; } = [];
}
