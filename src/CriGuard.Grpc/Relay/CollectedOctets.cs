namespace CriGuard.Grpc.Relay;

/// <summary>A bound on the octets of requests that are held in memory at one time, shared by whoever collects.</summary>
public sealed class CollectedOctets(long limit)
{
    private long _held;

    /// <summary>Octets held now.</summary>
    public long Held => Interlocked.Read(ref _held);

    /// <summary>Counts octets that are held from now on; false when they pass the limit and should be given up.</summary>
    internal bool Hold(int octets) => Interlocked.Add(ref _held, octets) <= limit;

    internal void Release(long octets) => Interlocked.Add(ref _held, -octets);
}
