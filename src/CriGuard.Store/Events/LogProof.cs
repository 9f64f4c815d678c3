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
}
