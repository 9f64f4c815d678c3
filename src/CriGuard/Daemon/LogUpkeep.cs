using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>Keeps the event log within its bounds, and says its checkpoints: what the journal has of them was out of this node's hands when it was sent on.</summary>
internal sealed class LogUpkeep(EventLog events, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    private long _said;

    /// <summary>Looks at once, then every minute until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        await LookAsync();
        await Rounds.RunAsync(Period, time, LookAsync, stop);
    }

    private async Task LookAsync()
    {
        if (events.Checkpoint is { } checkpoint && checkpoint.Covers.Sequence != _said)
        {
            _said = checkpoint.Covers.Sequence;
            Log.CheckpointMade(log, checkpoint.Covers.Sequence, checkpoint.Covers.Hash.ToString(), checkpoint.Key);
        }

        try
        {
            if (await Task.Run(events.TrimAsync) is not { } removed)
                return;
            Log.LogTrimmed(log, removed.Cause, removed.First, removed.Last, removed.To);
            if (removed.Fault.Length > 0)
                Log.TrimmedBroken(log, removed.First, removed.Last, removed.Fault);
        }
        catch (EventLogException e)
        {
            Log.NotTrimmed(log, e.Message);
        }
    }
}
