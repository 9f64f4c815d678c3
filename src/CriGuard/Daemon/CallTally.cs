using CriGuard.Store.Status;

namespace CriGuard.Daemon;

/// <summary>Counts what became of judged and recorded calls since the start.</summary>
internal sealed class CallTally
{
    private long _permitted;
    private long _refused;
    private long _undecided;

    public CallCounts Counts => new(Interlocked.Read(ref _permitted), Interlocked.Read(ref _refused), Interlocked.Read(ref _undecided));

    public void Permitted() => Interlocked.Increment(ref _permitted);

    public void Refused() => Interlocked.Increment(ref _refused);

    public void Undecided() => Interlocked.Increment(ref _undecided);
}
