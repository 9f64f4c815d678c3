namespace CriGuard.Linux.Processes;

/// <summary>The five capability sets of a process; bit n is the capability with number n (capabilities(7)).</summary>
public sealed record CapabilityMasks(ulong Inheritable, ulong Permitted, ulong Effective, ulong Bounding, ulong Ambient);
