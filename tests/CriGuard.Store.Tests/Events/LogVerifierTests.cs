using CriGuard.Core.Events;
using CriGuard.Store.Events;
using FsCheck;

namespace CriGuard.Store.Tests.Events;

public sealed class LogVerifierTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task A_log_is_proved_with_its_length_and_head()
    {
        await _folder.Fill(12, segmentBytes: 700);

        var proof = LogVerifier.Verify(_folder.Path);

        Assert.Equal((true, 12L, 12L, 0), (proof.Ok, proof.Events, proof.Last.Sequence, proof.Unfinished));
        Assert.Equal($"000000000012 {proof.Last.Hash}\n", File.ReadAllText(_folder.Head));
    }

    [Fact]
    public async Task Any_flipped_bit_of_any_file_is_found()
    {
        await _folder.Fill(8, segmentBytes: 500);
        string[] files = [.. _folder.Segments, _folder.Head];

        Prop.ForAll(Arb.From(Gen.Elements(files)), Arb.Default.NonNegativeInt(), (path, at) =>
        {
            var bytes = File.ReadAllBytes(path);
            var bit = (int)((long)at.Get * 7919 % (bytes.Length * 8L));
            File.WriteAllBytes(path, [.. bytes.Select((b, i) => i == bit / 8 ? (byte)(b ^ (1 << (bit % 8))) : b)]);
            var found = !LogVerifier.Verify(_folder.Path).Ok;
            File.WriteAllBytes(path, bytes);
            return found.Label($"{path} bit {bit}");
        }).Check(Tries(500));
        Assert.True(LogVerifier.Verify(_folder.Path).Ok);
    }

    [Fact]
    public async Task Every_line_removed_doubled_or_swapped_is_found_across_segments()
    {
        await _folder.Fill(8, segmentBytes: 500);
        var places = _folder.Segments.SelectMany(static path => File.ReadAllLines(path).Select((_, line) => (path, line))).ToList();

        Prop.ForAll(Arb.From(Gen.Elements(places.ToArray())), Arb.From(Gen.Elements(places.ToArray())), (one, other) =>
        {
            var swap = Found(lines => (lines[one], lines[other]) = (lines[other], lines[one]));
            var remove = Found(lines => lines[one] = "");
            var twice = Found(lines => lines[one] += lines[one]);
            var cut = Found(lines => lines[one] = lines[one][..^20]);
            return (remove && twice && cut && swap == (one != other)).Label($"{one} {other}: swap {swap}, remove {remove}, twice {twice}, cut {cut}");
        }).Check(Tries(60));
    }

    [Fact]
    public async Task A_fault_is_placed_by_file_and_line()
    {
        await _folder.Fill(6, segmentBytes: 300);
        File.WriteAllText(_folder.Segments[1], File.ReadAllText(_folder.Segments[1]).Replace("\"c3\"", "\"x3\"", StringComparison.Ordinal));

        var fault = LogVerifier.Verify(_folder.Path).Fault;

        Assert.Equal((ChainFaultKind.Changed, "events-000000000003.jsonl:1"), (fault?.Kind, fault?.Place.ToString()));
        Assert.Equal("sequence 3 was changed: its hash is not the one in sequence 4", fault?.Message);
    }

    [Fact]
    public async Task Lines_cut_off_the_end_are_found_by_the_head()
    {
        await _folder.Fill(5);
        File.WriteAllLines(_folder.Segments[0], File.ReadAllLines(_folder.Segments[0])[..3]);

        var fault = LogVerifier.Verify(_folder.Path).Fault;

        Assert.Equal((ChainFaultKind.Truncated, "events-000000000001.jsonl:4"), (fault?.Kind, fault?.Place.ToString()));
    }

    [Fact]
    public async Task A_missing_segment_is_found()
    {
        await _folder.Fill(6, segmentBytes: 100);
        File.Delete(_folder.Segments[2]);

        Assert.Equal("sequence 3 was taken out before this line", LogVerifier.Verify(_folder.Path).Fault?.Message);
    }

    [Fact]
    public async Task A_renamed_segment_is_found()
    {
        await _folder.Fill(6, segmentBytes: 500);
        File.Move(_folder.Segments[^1], Path.Combine(_folder.Path, "events-000000000999.jsonl"));

        Assert.Equal("events-000000000999.jsonl:1", LogVerifier.Verify(_folder.Path).Fault?.Place.ToString());
    }

    [Fact]
    public async Task A_log_without_its_head_cannot_be_proved()
    {
        await _folder.Fill(3);
        File.Delete(_folder.Head);

        Assert.Equal("head:1", LogVerifier.Verify(_folder.Path).Fault?.Place.ToString());
    }

    [Fact]
    public async Task A_line_that_is_being_written_is_no_fault()
    {
        await _folder.Fill(3);
        File.AppendAllText(_folder.Segments[0], """{"seq":4,"ti""");

        Assert.Equal((true, 12), (LogVerifier.Verify(_folder.Path).Ok, LogVerifier.Verify(_folder.Path).Unfinished));
    }

    [Fact]
    public async Task A_log_is_proved_while_it_is_written()
    {
        using var log = _folder.Open(segmentBytes: 2000);
        var appending = Task.Run(async () =>
        {
            for (var i = 0; i < 200; i++)
                await log.AppendAsync(LogFolder.Event($"c{i}"));
        });
        while (!appending.IsCompleted)
            Assert.Null(LogVerifier.Verify(_folder.Path).Fault);
        await appending;
    }

    [Fact]
    public void Where_there_is_no_log_nothing_is_proved()
    {
        Assert.StartsWith($"there is no event log in `{_folder.Path}` ", Assert.Throws<EventLogException>(() => LogVerifier.Verify(_folder.Path)).Message);
        Assert.Throws<EventLogException>(static () => LogVerifier.Verify("/nowhere"));
    }

    public void Dispose() => _folder.Dispose();

    private static FsCheck.Configuration Tries(int tests) => new() { MaxNbOfTest = tests, EndSize = 1_000_000, Runner = FsCheck.Configuration.QuickThrowOnFailure.Runner };

    // Changes the lines, newlines included, and puts them back.
    private bool Found(Action<Dictionary<(string Path, int Line), string>> tamper)
    {
        var contents = _folder.Segments.ToDictionary(static path => path, File.ReadAllText);
        var lines = contents.SelectMany(static file => file.Value.TrimEnd('\n').Split('\n').Select((text, line) => ((file.Key, line), text + "\n"))).ToDictionary();
        tamper(lines);
        foreach (var file in lines.GroupBy(static line => line.Key.Item1))
            File.WriteAllText(file.Key, string.Concat(file.OrderBy(static line => line.Key.Item2).Select(static line => line.Value)));
        var found = !LogVerifier.Verify(_folder.Path).Ok;
        foreach (var (path, text) in contents)
            File.WriteAllText(path, text);
        return found;
    }
}
