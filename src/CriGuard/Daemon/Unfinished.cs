namespace CriGuard.Daemon;

/// <summary>Counts the work that must end before the daemon does, so that what it has to record is recorded.</summary>
internal sealed class Unfinished
{
    private readonly Lock _gate = new();
    private int _count;
    private TaskCompletionSource? _none;

    /// <summary>Ends as the work does.</summary>
    public async Task TrackAsync(Task work)
    {
        lock (_gate)
            _count++;
        try
        {
            await work;
        }
        finally
        {
            lock (_gate)
            {
                if (--_count == 0)
                {
                    _none?.TrySetResult();
                    _none = null;
                }
            }
        }
    }

    /// <summary>Completes when nothing is left of what there is now.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
            return _count == 0 ? Task.CompletedTask : (_none ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
    }
}
