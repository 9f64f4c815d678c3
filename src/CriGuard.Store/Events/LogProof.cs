using System.Collections.Immutable;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>What was found when a log was proved.</summary>
/// <param name="Events">Events that are in order, up to the fault where there is one.</param>
/// <param name="Last">Sequence and hash of the last of them.</param>
/// <param name="Unfinished">Bytes of a line at the end that is being written, or was torn by a crash and is set aside at the next start.</param>
/// <param name="Fault">The first fault; null where there is none.</param>
public sealed record LogProof(long Events, ChainPosition Last, int Unfinished, ChainFault? Fault)
{
    public bool Ok => Fault is null;

    /// <summary>Sequence of the first event that is left; above 1 where retention took off what was before it.</summary>
    public long First { get; init; } = 1;

    /// <summary>What retention took away last; null where it took nothing.</summary>
    public RemovedEvents? Removed { get; init; }

    /// <summary>What the log says itself that it lost or did not see.</summary>
    public ImmutableArray<EventEntry> Gaps { get; init; } = [];

    /// <summary>Time of the last event in front of the fault; null where there is none.</summary>
    public DateTimeOffset? FaultAfter { get; init; }

    /// <summary>Time of the first event behind the fault, as it says itself; null where there is none.</summary>
    public DateTimeOffset? FaultBefore { get; init; }

    /// <summary>The last checkpoint, which the demanded keys made where there were any; null where there is none.</summary>
    public Checkpoint? Checkpoint { get; init; }
}

/// <summary>What a log is to prove beside its chain.</summary>
public sealed record ProofDemands
{
    /// <summary>The chain alone.</summary>
    public static ProofDemands None { get; } = new();

    /// <summary>Keys of checkpoints: all there are must be made with one of them.</summary>
    public ImmutableArray<CheckpointKey> Keys { get; init; } = [];

    /// <summary>A line that the log once had, from a checkpoint that was kept elsewhere.</summary>
    public ChainPosition? Includes { get; init; }

    /// <summary>True for a part of a log: what is in front of it and behind its last checkpoint is not asked for.</summary>
    public bool Excerpt { get; init; }
}
