namespace CriGuard.Tests;

/// <summary>A clock that stands still until a test moves it; timers that are due by then run on the mover's thread.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
            _timers.Add(timer);
        return timer;
    }

    public void Advance(TimeSpan span)
    {
        List<Timer> due;
        lock (_gate)
        {
            _now += span;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            due.ForEach(timer => timer.Due = timer.Period > TimeSpan.Zero ? _now + timer.Period : null);
        }

        due.ForEach(static timer => timer.Run());
    }

    private sealed class Timer(ManualTime time, Action run) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public TimeSpan Period { get; private set; }

        public Action Run => run;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
                (Due, Period) = (dueTime < TimeSpan.Zero ? null : time._now + dueTime, period);
            return true;
        }

        public void Dispose()
        {
            lock (time._gate)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
