using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>Keeps refusals that come again from filling the log: they are counted, and the log tells how many there were.</summary>
internal sealed class RepeatedRefusals : IDisposable
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    private readonly RefusalTally _tally = new();
    private readonly EventLog _log;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly ITimer _sweep;
    private bool _closed;

    public RepeatedRefusals(EventLog log, TimeProvider time)
    {
        (_log, _time) = (log, time);
        _sweep = time.CreateTimer(static self => ((RepeatedRefusals)self!).Sweep(), this, SweepPeriod, SweepPeriod);
    }

    /// <summary>Counts a refusal that is on record; false where it has to be recorded.</summary>
    public bool TryCount(EventRecord refused)
    {
        lock (_gate)
            return _tally.TryCount(refused);
    }

    /// <summary>Tells of repeats that another decision on the same container ends, in front of it.</summary>
    public void Settle(EventRecord decided)
    {
        lock (_gate)
            Append(_tally.Settle(decided));
    }

    /// <summary>Records a refusal and remembers it once it is on disk: one that is not must not count for those that come after.</summary>
    /// <exception cref="EventLogException">It cannot be written.</exception>
    public async ValueTask RecordAsync(EventRecord refused)
    {
        EventRecord numbered;
        lock (_gate)
            numbered = _tally.Numbered(refused);
        await _log.AppendAsync(numbered);
        lock (_gate)
            Append(_tally.Remember(refused));
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

    // Nobody waits for these: each refusal was recorded when it came first.
    private void Append(IEnumerable<EventRecord> told)
    {
        foreach (var record in told)
            _log.Append(record);
    }
}
