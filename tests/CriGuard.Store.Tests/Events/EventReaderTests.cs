using System.Text;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class EventReaderTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task Events_come_in_order_over_all_segments_with_their_lines()
    {
        await _folder.Fill(30, segmentBytes: 400);
        using var reader = new EventReader(_folder.Path, EventFilter.All);

        var events = reader.Read().ToList();

        Assert.Equal(Enumerable.Range(1, 30).Select(static i => $"c{i}"), events.Select(static e => e.Entry.CallId));
        Assert.Equal(_folder.Segments.SelectMany(File.ReadLines), events.Select(static e => Encoding.UTF8.GetString(e.Line.Span)));
    }

    [Fact]
    public async Task A_second_read_gives_what_came_since()
    {
        using var log = _folder.Open(segmentBytes: 300);
        using var reader = new EventReader(_folder.Path, EventFilter.All);
        Assert.Empty(reader.Read());
        for (var i = 0; i < 10; i++)
        {
            await log.AppendAsync(LogFolder.Event($"c{i}"));
            Assert.Equal([$"c{i}"], reader.Read().Select(static e => e.Entry.CallId));
        }
    }

    [Fact]
    public async Task Following_gives_what_comes_across_rotation_and_ends_when_cancelled()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        using var log = _folder.Open(segmentBytes: 300);
        using var reader = new EventReader(_folder.Path, EventFilter.All);
        await log.AppendAsync(LogFolder.Event("c0"));
        var seen = new List<string>();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var logged in reader.Follow(TimeProvider.System, guard.Token))
            {
                seen.Add(logged.Entry.CallId);
                if (seen.Count == 5)
                    await guard.CancelAsync();
                else
                    await log.AppendAsync(LogFolder.Event($"c{seen.Count}"));
            }
        });

        Assert.Equal(["c0", "c1", "c2", "c3", "c4"], seen);
    }

    [Fact]
    public async Task Lines_that_are_no_events_are_counted_and_passed_over()
    {
        await _folder.Fill(2);
        File.AppendAllText(_folder.Segments[0], "nonsense\n\n");
        File.AppendAllText(_folder.Segments[0], new string('x', 5_000_000) + "\n");
        using var reader = new EventReader(_folder.Path, EventFilter.All);

        Assert.Equal(2, reader.Read().Count());
        Assert.Equal(4, reader.Unreadable);
    }

    [Fact]
    public async Task A_half_line_is_given_once_it_is_whole()
    {
        await _folder.Fill(2);
        var text = File.ReadAllText(_folder.Segments[0]);
        File.WriteAllText(_folder.Segments[0], text[..^30]);
        using var reader = new EventReader(_folder.Path, EventFilter.All);
        Assert.Single(reader.Read());

        File.AppendAllText(_folder.Segments[0], text[^30..]);

        Assert.Equal(["c2"], reader.Read().Select(static e => e.Entry.CallId));
        Assert.Equal(0, reader.Unreadable);
    }

    [Fact]
    public async Task A_half_line_that_was_cut_off_is_forgotten()
    {
        await _folder.Fill(1);
        var text = File.ReadAllText(_folder.Segments[0]);
        File.AppendAllText(_folder.Segments[0], """{"seq":2,"time":"a long""");
        using var reader = new EventReader(_folder.Path, EventFilter.All);
        Assert.Single(reader.Read());

        File.WriteAllText(_folder.Segments[0], text);
        Assert.Empty(reader.Read());
        await _folder.Fill(1);

        Assert.Equal(["c1"], reader.Read().Select(static e => e.Entry.CallId));
        Assert.Equal(0, reader.Unreadable);
    }

    [Fact]
    public void No_directory_is_a_clear_error() =>
        Assert.StartsWith("there is no event log in `/nowhere` ", Assert.Throws<EventLogException>(static () => new EventReader("/nowhere", EventFilter.All)).Message);

    public void Dispose() => _folder.Dispose();
}
