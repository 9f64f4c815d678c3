using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>A command that may be a probe.</summary>
/// <param name="Key">What makes two of them the same.</param>
/// <param name="IsCounted">True where its decision is on record already, as one like it.</param>
internal sealed record RunProbe(UInt128 Key, bool IsCounted);

/// <summary>Keeps probes from filling the log: one a second would write some 100 MB a day.</summary>
internal sealed class RepeatedProbes : IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    private readonly ProbeTally _tally = new();
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ITimer _sweep;
    private bool _closed;

    public RepeatedProbes(EventLog log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        _sweep = time.CreateTimer(static self => ((RepeatedProbes)self!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>Counts a permitted command that is on record; null where it can never be one of a probe.</summary>
    public RunProbe? Run(EventRecord permitted, UInt128 command)
    {
        if (ProbeTally.Key(permitted, command) is not { } key)
            return null;
        lock (_gate)
            return new RunProbe(key, _tally.TryCount(key, permitted.Time));
    }

    /// <summary>Records the answer, or nothing where it is that of all before.</summary>
    public void Answered(RunProbe probe, EventRecord answered)
    {
        lock (_gate)
            Append(_tally.Answered(probe.Key, answered, probe.IsCounted));
    }

    /// <summary>Tells of all that was counted: nothing comes any more.</summary>
    public void Drain()
    {
        lock (_gate)
            Append(_tally.Drain(_time.GetUtcNow()));
    }

    public void Dispose()
    {
        lock (_gate)
            _closed = true;
        _sweep.Dispose();
    }

    private void Sweep()
    {
        lock (_gate)
        {
            if (!_closed)
                Append(_tally.Sweep(_time.GetUtcNow()));
        }
    }

    // Nobody waits for these, and none of them waits for the disk under the lock.
    private void Append(IEnumerable<EventRecord> told)
    {
        foreach (var record in told)
            _log.Append(record);
    }
}
