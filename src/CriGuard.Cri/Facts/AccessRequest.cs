using CriGuard.Core.Workloads;

namespace CriGuard.Cri.Facts;

/// <summary>A call that enters, resizes, checkpoints or ends a workload, read.</summary>
/// <param name="Facts">What is asked; of the workload itself only its id.</param>
/// <param name="Forward">What goes on when it is permitted: the bytes that came, or the parsed form where they can be read in two ways (T-C7).</param>
/// <param name="Command">Digest of the whole command, to know one again without keeping it; null for calls without one.</param>
public sealed record AccessRequest(AccessFacts Facts, ReadOnlyMemory<byte> Forward, UInt128? Command);
