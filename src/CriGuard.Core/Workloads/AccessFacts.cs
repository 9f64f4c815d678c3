using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>A call that enters, resizes, checkpoints or ends a workload, or whose meaning is not known.</summary>
public sealed record AccessFacts
{
    /// <summary>Method name without service: `ExecSync`.</summary>
    public required string Method { get; init; }

    /// <summary>True where the method is in no table of CRI methods that this build knows.</summary>
    public required bool Unknown { get; init; }

    /// <summary>True where all it can do is to end a workload or to clear it or its image away: stop and remove. No rule denies it.</summary>
    public bool Ends { get; init; }

    public string SandboxId { get; init; } = "";

    public string ContainerId { get; init; } = "";

    /// <summary>The sandbox that it is about, as the runtime has it; null where the runtime does not tell: a rule that denies then refuses.</summary>
    public SandboxFacts? Sandbox { get; init; }

    /// <summary>`ContainerMetadata.name`; null where the call is about a sandbox, or the runtime does not tell.</summary>
    public string? ContainerName { get; init; }

    /// <summary>Of the container, or the image that is removed; null where the call is about a sandbox, or the runtime does not tell.</summary>
    public ImageFacts? Image { get; init; }

    /// <summary>Whether what is entered is privileged (T-U12); null where nobody asked, or the runtime does not tell.</summary>
    public bool? Privileged { get; init; }

    /// <summary>First word of the command; the rest may hold secrets and is not kept (kubernetes#97795).</summary>
    public string Executable { get; init; } = "";

    public int Arguments { get; init; }

    public bool Tty { get; init; }

    public bool Stdin { get; init; }

    /// <summary>What an update sets; null for other calls.</summary>
    public ResourceUpdate? Update { get; init; }

    /// <summary>Where a checkpoint is written to; null for other calls.</summary>
    public string? CheckpointPath { get; init; }

    /// <summary>Names of options of a checkpoint that only the runtime understands; a kubelet sends none.</summary>
    public ImmutableSortedSet<string> CheckpointOptions { get; init; } = [];

    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];
}
