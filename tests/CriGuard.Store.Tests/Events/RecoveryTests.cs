using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class RecoveryTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task A_line_torn_at_any_byte_is_set_aside_and_recorded()
    {
        await _folder.Fill(2);
        var whole = File.ReadAllBytes(_folder.Segments[0]);
        var head = File.ReadAllBytes(_folder.Head);
        await _folder.Fill(1);
        var third = File.ReadAllBytes(_folder.Segments[0]).AsSpan(whole.Length).ToArray();

        for (var torn = 1; torn < third.Length; torn++)
        {
            File.WriteAllBytes(_folder.Segments[0], [.. whole, .. third.AsSpan(0, torn)]);
            File.WriteAllBytes(_folder.Head, head);
            _folder.Open().Dispose();

            var repaired = _folder.Entries()[^1];
            Assert.Equal((EventKinds.LogRepaired, 3L), (repaired.Kind, repaired.Link.Sequence));
            Assert.Equal($"{torn}", repaired.Details[0].Value);
            Assert.Equal(third[..torn], File.ReadAllBytes(Assert.Single(_folder.TornFiles)));
            Assert.True(LogVerifier.Verify(_folder.Path).Ok);
            File.Delete(_folder.TornFiles[0]);
        }
    }

    [Fact]
    public async Task Whole_lines_behind_the_head_are_kept()
    {
        await _folder.Fill(2);
        var head = File.ReadAllBytes(_folder.Head);
        await _folder.Fill(3);
        File.WriteAllBytes(_folder.Head, head);

        _folder.Open().Dispose();

        Assert.Equal(5, _folder.Entries().Count);
        Assert.StartsWith("000000000005 ", File.ReadAllText(_folder.Head));
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task Lines_behind_the_head_that_do_not_fit_are_set_aside()
    {
        await _folder.Fill(2);
        var head = File.ReadAllBytes(_folder.Head);
        await _folder.Fill(3);
        File.WriteAllBytes(_folder.Head, head);
        var lines = File.ReadAllLines(_folder.Segments[0]);
        File.WriteAllText(_folder.Segments[0], string.Join('\n', [.. lines[..3], new string('\0', 100), .. lines[4..]]) + "\n");

        _folder.Open().Dispose();

        Assert.Equal([EventKinds.CallDecided, EventKinds.CallDecided, EventKinds.CallDecided, EventKinds.LogRepaired], _folder.Entries().Select(static e => e.Kind));
        Assert.Equal(101 + lines[4].Length + 1, new FileInfo(Assert.Single(_folder.TornFiles)).Length);
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task Events_cut_off_while_the_log_was_closed_stay_a_fault_for_ever()
    {
        await _folder.Fill(5);
        var lines = File.ReadAllLines(_folder.Segments[0]);
        File.WriteAllText(_folder.Segments[0], string.Join('\n', lines[..3]) + "\n");

        await _folder.Fill(1);
        await _folder.Fill(1);

        var gap = _folder.Entries()[3];
        Assert.Equal((EventKinds.LogGap, 6L), (gap.Kind, gap.Link.Sequence));
        var fault = LogVerifier.Verify(_folder.Path).Fault;
        Assert.Equal("sequences 4 to 5 were taken out before this line", fault?.Message);
        Assert.Equal("events-000000000006.jsonl:1", fault?.Place.ToString());
    }

    [Fact]
    public async Task A_last_line_changed_while_the_log_was_closed_stays_a_fault_for_ever()
    {
        await _folder.Fill(3);
        File.WriteAllText(_folder.Segments[0], File.ReadAllText(_folder.Segments[0]).Replace("\"c3\"", "\"x3\"", StringComparison.Ordinal));

        await _folder.Fill(2);

        Assert.Equal("events-000000000001.jsonl:3", LogVerifier.Verify(_folder.Path).Fault?.Place.ToString());
    }

    [Fact]
    public async Task All_segments_gone_is_a_gap_and_a_fault()
    {
        await _folder.Fill(3);
        File.Delete(_folder.Segments[0]);

        await _folder.Fill(1);

        Assert.Equal(EventKinds.LogGap, _folder.Entries()[0].Kind);
        Assert.Equal("sequences 1 to 3 were taken out before this line: no event says that retention removed them", LogVerifier.Verify(_folder.Path).Fault?.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nonsense")]
    public async Task A_log_without_its_head_goes_on_and_says_so(string? head)
    {
        await _folder.Fill(3);
        File.Delete(_folder.Head);
        if (head is not null)
            File.WriteAllText(_folder.Head, head);

        _folder.Open().Dispose();

        Assert.Equal((EventKinds.LogRepaired, "head", "missing"), (_folder.Entries()[^1].Kind, _folder.Entries()[^1].Details[0].Key, _folder.Entries()[^1].Details[0].Value));
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task A_segment_begun_by_a_crash_before_its_first_line_is_used()
    {
        await _folder.Fill(3);
        File.WriteAllText(Path.Combine(_folder.Path, "events-000000000004.jsonl"), "");

        await _folder.Fill(1);

        Assert.Equal(4, _folder.Entries()[^1].Link.Sequence);
        Assert.Equal(2, _folder.Segments.Length);
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    public void Dispose() => _folder.Dispose();
}
