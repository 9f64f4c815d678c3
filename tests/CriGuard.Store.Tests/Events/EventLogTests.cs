using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class EventLogTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task A_segment_that_is_taken_away_fails_the_append_instead_of_swallowing_it()
    {
        using var log = _folder.Open();
        await log.AppendAsync(LogFolder.Event("kept"));
        var segment = _folder.Segments.Single();
        File.Move(segment, segment + ".away");

        var failure = await Assert.ThrowsAsync<EventLogException>(async () => await log.AppendAsync(LogFolder.Event("lost")));
        Assert.Contains($"`{segment}` was taken away", failure.Message);

        File.Move(segment + ".away", segment);
        await log.AppendAsync(LogFolder.Event("after"));
        Assert.Equal(["kept", "after"], _folder.Calls());
        Assert.Single(_folder.Entries(), static e => e.Kind == EventKinds.LogGap);
    }

    [Fact]
    public async Task An_event_is_in_the_file_when_its_append_completes()
    {
        using var log = _folder.Open();

        await log.AppendAsync(LogFolder.Event("c1"));

        Assert.Equal(["c1"], _folder.Calls());
        Assert.Equal(1, log.Sequence);
    }

    [Fact]
    public async Task Parallel_appends_share_syncs_and_are_all_there()
    {
        using var log = _folder.Open();
        var before = log.Syncs;
        var appends = Enumerable.Range(0, 200).Select(i => log.AppendAsync(LogFolder.Event($"c{i}")).AsTask()).ToList();

        await Task.WhenAll(appends);

        Assert.InRange(log.Syncs - before, 1, 100);
        Assert.Equal(200, _folder.Calls().Distinct().Count());
    }

    [Fact]
    public async Task One_append_after_the_other_takes_a_sync_each()
    {
        using var log = _folder.Open();
        var before = log.Syncs;

        for (var i = 0; i < 5; i++)
            await log.AppendAsync(LogFolder.Event($"c{i}"));

        Assert.Equal(5, log.Syncs - before);
    }

    [Fact]
    public async Task An_event_nobody_waits_for_keeps_its_place_and_costs_no_sync()
    {
        using var log = _folder.Open();
        var before = log.Syncs;

        await log.AppendAsync(LogFolder.Event("c1"));
        log.Append(LogFolder.Event("c2"));
        await log.AppendAsync(LogFolder.Event("c3"));

        Assert.Equal(["c1", "c2", "c3"], _folder.Calls());
        Assert.Equal(2, log.Syncs - before);
    }

    [Fact]
    public void Closing_writes_what_nobody_waited_for()
    {
        using (var log = _folder.Open())
        {
            for (var i = 0; i < 50; i++)
                log.Append(LogFolder.Event($"c{i}"));
        }

        Assert.Equal(50, _folder.Calls().Length);
        Assert.StartsWith("000000000050 ", File.ReadAllText(_folder.Head));
    }

    [Fact]
    public async Task A_log_goes_on_where_it_ended()
    {
        await _folder.Fill(3);
        await _folder.Fill(2);

        Assert.Equal([1L, 2, 3, 4, 5], _folder.Entries().Select(static e => e.Link.Sequence));
        Assert.Single(_folder.Segments);
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task A_full_segment_is_followed_by_one_named_after_its_first_event()
    {
        await _folder.Fill(20, segmentBytes: 500);

        Assert.InRange(_folder.Segments.Length, 5, 20);
        Assert.All(_folder.Segments, static path =>
            Assert.StartsWith($$"""{"seq":{{int.Parse(Path.GetFileNameWithoutExtension(path).AsSpan("events-".Length))}},""", File.ReadAllText(path)));
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task A_full_segment_is_left_alone_after_opening_too()
    {
        await _folder.Fill(2, segmentBytes: 100);
        await _folder.Fill(2, segmentBytes: 100);

        Assert.Equal(4, _folder.Segments.Length);
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public void A_second_log_on_the_same_directory_is_refused()
    {
        using var first = _folder.Open();

        var refused = Assert.Throws<EventLogException>(() => _folder.Open());

        Assert.Equal($"event log `{_folder.Path}` is in use by another process: stop it, or give this one a state directory of its own", refused.Message);
    }

    [Fact]
    public void A_closed_log_can_be_opened_again_and_takes_no_events_itself()
    {
        var log = _folder.Open();
        log.Dispose();
        log.Dispose();

        Assert.Throws<ObjectDisposedException>(() => log.Append(LogFolder.Event("c1")));
        using var again = _folder.Open();
    }

    [Fact]
    public async Task Only_the_owner_reads_the_log()
    {
        var path = Path.Combine(_folder.Path, "deep", "events");
        using (var log = EventLog.Open(path, new EventLogOptions { Node = "n" }))
            await log.AppendAsync(LogFolder.Event("c1"));

        foreach (var directory in (string[])[path, Path.GetDirectoryName(path)!])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(directory));
        Assert.All(Directory.GetFiles(path), static file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file)));
    }

    [Fact]
    public void A_directory_that_cannot_be_is_a_clear_error()
    {
        var file = Path.Combine(_folder.Path, "file");
        File.WriteAllText(file, "");

        var refused = Assert.Throws<EventLogException>(() => EventLog.Open(Path.Combine(file, "events"), new EventLogOptions { Node = "n" }));

        Assert.StartsWith($"event log `{file}/events` cannot be opened: ", refused.Message);
    }

    public void Dispose() => _folder.Dispose();
}
