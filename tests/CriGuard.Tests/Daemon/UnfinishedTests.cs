using CriGuard.Daemon;

namespace CriGuard.Tests.Daemon;

public sealed class UnfinishedTests
{
    [Fact]
    public async Task Draining_waits_for_all_that_has_begun_however_it_ends()
    {
        var unfinished = new Unfinished();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        var failing = unfinished.TrackAsync(first.Task);
        var succeeding = unfinished.TrackAsync(second.Task);

        var drained = unfinished.DrainAsync();
        first.SetException(new InvalidOperationException());
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.False(drained.IsCompleted);
        second.SetResult();

        await succeeding;
        await drained.WaitAsync(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void Nothing_begun_is_nothing_to_wait_for() => Assert.True(new Unfinished().DrainAsync().IsCompletedSuccessfully);
}
