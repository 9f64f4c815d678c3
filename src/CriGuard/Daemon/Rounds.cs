namespace CriGuard.Daemon;

/// <summary>Does a thing again and again until the daemon ends: the shape of everything that is watched.</summary>
internal static class Rounds
{
    /// <summary>Ends without an error when it is stopped; the first round comes after one period.</summary>
    /// <param name="period">From round to round; a round that takes longer is followed at once by one other.</param>
    /// <param name="time">For the period.</param>
    /// <param name="round">Cancelled by <paramref name="stop"/> too.</param>
    /// <param name="stop">Ends it.</param>
    public static async Task RunAsync(TimeSpan period, TimeProvider time, Func<Task> round, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
                await round();
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // How it ends.
        }
    }
}
