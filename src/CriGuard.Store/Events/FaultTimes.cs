using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Between which times something is wrong with a log, by what the lines on either side say.</summary>
internal static class FaultTimes
{
    public static (DateTimeOffset? After, DateTimeOffset? Before) Around(LogDirectory files, long[] segments, LinePlace place)
    {
        int at = Array.FindIndex(segments, first => Path.GetFileName(files.Segment(first)) == place.File);
        if (at < 0)
            return default;
        var (after, before) = (at > 0 && place.Line == 1 ? SegmentEnds.Last(files.Segment(segments[at - 1]))?.Time : null, (DateTimeOffset?)null);
        using var lines = new LineScanner(files.Segment(segments[at]));
        while (before is null && lines.TryNext(out var line))
        {
            if (lines.Lines == place.Line - 1)
                after = Time(line);
            else if (lines.Lines >= place.Line)
                before = Time(line);
        }

        return (after, before ?? (at + 1 < segments.Length ? SegmentEnds.First(files.Segment(segments[at + 1]))?.Time : null));
    }

    private static DateTimeOffset? Time(ReadOnlyMemory<byte> line) => EventLineReader.TryParse(line, out var entry) ? entry.Time : null;
}
