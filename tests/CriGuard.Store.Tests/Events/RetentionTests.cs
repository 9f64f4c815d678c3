using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

/// <summary>What retention takes, what it leaves on record of it, and what it never covers.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly Clock _clock = new(LogFolder.Time);

    [Fact]
    public async Task The_oldest_segments_go_and_what_is_left_is_proved_with_what_they_held()
    {
        using var log = Open(keepBytes: 2000);
        await Append(log, 40);

        var removed = await log.TrimAsync();

        var proof = LogVerifier.Verify(_folder.Path);
        Assert.True(proof.Ok, proof.Fault?.Message);
        Assert.NotNull(removed);
        Assert.Equal((1L, proof.First - 1, "size", "", LogFolder.Time), (removed.First, removed.Last, removed.Cause, removed.Fault, removed.From));
        Assert.Equal(removed, proof.Removed);
        Assert.Equal(41 - removed.Last, proof.Events);
        Assert.Equal(removed.Hash, _folder.Entries()[0].Link.Previous);
        Assert.True(_folder.Segments.Sum(static s => new FileInfo(s).Length) < 3000);
    }

    [Fact]
    public async Task Events_go_by_age_a_segment_at_a_time_also_where_few_come()
    {
        using var log = Open(keepFor: TimeSpan.FromDays(8));
        for (var day = 0; day < 20; day++)
        {
            await Append(log, 1);
            _clock.Now += TimeSpan.FromDays(1);
        }

        var removed = await log.TrimAsync();

        Assert.Equal(("age", LogFolder.Time), (removed!.Cause, removed.Since));
        Assert.InRange(_folder.Entries()[0].Time, _clock.Now - TimeSpan.FromDays(10), _clock.Now - TimeSpan.FromDays(7));
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task Removals_follow_one_another_and_the_last_says_since_when_there_were_events()
    {
        using var log = Open(keepBytes: 2000);
        for (var round = 0; round < 5; round++)
        {
            await Append(log, 20);
            _clock.Now += TimeSpan.FromHours(1);
            await log.TrimAsync();
        }

        var proof = LogVerifier.Verify(_folder.Path);
        Assert.True(proof.Ok, proof.Fault?.Message);
        Assert.Equal((proof.First - 1, LogFolder.Time), (proof.Removed!.Last, proof.Removed.Since));
    }

    [Fact]
    public async Task Nothing_is_removed_that_may_stay()
    {
        using var log = Open(keepBytes: 1 << 20, keepFor: TimeSpan.FromDays(1));
        await Append(log, 40);

        Assert.Null(await log.TrimAsync());
        Assert.DoesNotContain(_folder.Entries(), static e => e.Kind == EventKinds.LogTrimmed);
    }

    [Fact]
    public async Task T_Q7_segments_that_somebody_else_removes_are_missed_also_behind_a_removal_by_retention()
    {
        await _folder.Fill(20, segmentBytes: 500);
        File.Delete(_folder.Segments[0]);
        Assert.StartsWith("sequences 1 to ", LogVerifier.Verify(_folder.Path).Fault?.Message);

        using var log = Open(keepBytes: 2000);
        await Append(log, 40);
        var removed = await log.TrimAsync();
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
        var next = _folder.Entries().First(e => e.Link.Sequence > removed!.Last + 3).Link.Sequence;
        while (_folder.Entries()[0].Link.Sequence <= next)
            File.Delete(_folder.Segments[0]);

        var proof = LogVerifier.Verify(_folder.Path);
        Assert.StartsWith($"sequences {removed!.Last + 1} to ", proof.Fault?.Message);
        Assert.EndsWith($"retention removed those up to {removed.Last}", proof.Fault?.Message);
    }

    [Fact]
    public async Task T_Q7_a_front_that_was_changed_before_it_was_removed_is_on_record_as_such()
    {
        using var log = Open(keepBytes: 2000);
        await Append(log, 40);
        File.WriteAllText(_folder.Segments[0], File.ReadAllText(_folder.Segments[0]).Replace("\"c2\"", "\"x2\"", StringComparison.Ordinal));

        var removed = await log.TrimAsync();

        Assert.Contains("sequence 2 was changed", removed!.Fault, StringComparison.Ordinal);
        Assert.Equal(removed.Fault, LogVerifier.Verify(_folder.Path).Removed?.Fault);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task A_crash_between_the_record_and_the_removal_leaves_a_log_that_is_proved(int gone)
    {
        using (var log = Open(keepBytes: 2000))
            await Append(log, 40);
        var copies = _folder.Segments.ToDictionary(static path => path, File.ReadAllBytes);
        using (var log = Open(keepBytes: 2000))
            await log.TrimAsync();
        foreach (var (path, bytes) in copies.Skip(gone).Where(static c => !File.Exists(c.Key)))
            File.WriteAllBytes(path, bytes);

        var proof = LogVerifier.Verify(_folder.Path);
        Assert.True(proof.Ok, proof.Fault?.Message);
        using (var log = Open(keepBytes: 2000))
            Assert.NotNull(await log.TrimAsync());
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task What_is_not_on_record_is_not_removed()
    {
        using var log = Open(keepBytes: 2000);
        await Append(log, 40);
        var before = _folder.Segments;
        File.Move(before[^1], before[^1] + ".away");

        await Assert.ThrowsAsync<EventLogException>(() => log.TrimAsync());

        File.Move(before[^1] + ".away", before[^1]);
        Assert.Equal(before, _folder.Segments);
    }

    [Fact]
    public async Task A_log_is_read_searched_and_proved_while_segments_go()
    {
        using var log = Open(keepBytes: 2000);
        var working = Task.Run(async () =>
        {
            for (var round = 0; round < 40; round++)
            {
                await Append(log, 10);
                await log.TrimAsync();
            }
        });
        while (!working.IsCompleted)
        {
            Assert.Null(LogVerifier.Verify(_folder.Path).Fault);
            using var reader = new EventReader(_folder.Path, EventFilter.All);
            var read = reader.Read().Select(static logged => logged.Entry.Link.Sequence).ToList();
            Assert.Equal(read.Order(), read);
            Assert.All(EventSearch.Find(_folder.Path, "\"kind\""), static entry => Assert.True(entry.Link.Sequence > 0));
        }

        await working;
    }

    public void Dispose() => _folder.Dispose();

    private EventLog Open(long keepBytes = 0, TimeSpan keepFor = default) =>
        EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", SegmentBytes = 500, KeepBytes = keepBytes, KeepFor = keepFor, Time = _clock });

    private async Task Append(EventLog log, int events)
    {
        for (var i = 1; i <= events; i++)
            await log.AppendAsync(LogFolder.Event($"c{i}") with { Time = _clock.Now });
    }
}

/// <summary>A clock that a test sets.</summary>
internal sealed class Clock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
