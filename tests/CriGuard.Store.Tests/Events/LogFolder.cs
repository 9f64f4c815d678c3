using System.Text;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

/// <summary>A directory for a log, removed at the end.</summary>
internal sealed class LogFolder : IDisposable
{
    public static readonly DateTimeOffset Time = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    public string Path { get; } = Directory.CreateTempSubdirectory("criguard-log-").FullName;

    /// <summary>Names of the segments, in order.</summary>
    public string[] Segments => [.. Directory.GetFiles(Path, "events-*.jsonl").Order(StringComparer.Ordinal)];

    public string[] TornFiles => [.. Directory.GetFiles(Path, "torn-*").Order(StringComparer.Ordinal)];

    public string Head => System.IO.Path.Combine(Path, "head");

    public static EventRecord Event(string call) => new() { Kind = EventKinds.CallDecided, Time = Time, Node = "n", CallId = call };

    public EventLog Open(long segmentBytes = 1 << 20) => EventLog.Open(Path, new EventLogOptions { Node = "n", SegmentBytes = segmentBytes });

    /// <summary>Makes a closed log of this many events; calls are `c1`, `c2` …</summary>
    public async Task Fill(int events, long segmentBytes = 1 << 20)
    {
        using var log = Open(segmentBytes);
        for (var i = 1; i <= events; i++)
            await log.AppendAsync(Event($"c{i}"));
    }

    /// <summary>All whole lines as entries, in order.</summary>
    public List<EventEntry> Entries() => [.. Segments.SelectMany(File.ReadLines).Select(static line =>
        EventLineReader.TryParse(Encoding.UTF8.GetBytes(line), out var entry) ? entry : throw new InvalidDataException(line))];

    public string[] Calls() => [.. Entries().Where(static e => e.Kind == EventKinds.CallDecided).Select(static e => e.CallId)];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
