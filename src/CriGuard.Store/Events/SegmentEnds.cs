using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>The first and the last event of a segment; null where there is none, or the line is no event.</summary>
internal static class SegmentEnds
{
    public static EventEntry? First(string segment) => At(segment, 0);

    public static EventEntry? Last(string segment)
    {
        var last = 0L;
        using (var lines = new LineScanner(segment))
        {
            for (var next = 0L; lines.TryNext(out _); next = lines.Offset)
                last = next;
        }

        return At(segment, last);
    }

    /// <summary>The event whose line begins at this offset.</summary>
    public static EventEntry? At(string segment, long offset)
    {
        using var lines = new LineScanner(segment, offset);
        return lines.TryNext(out var line) && EventLineReader.TryParse(line, out var entry) ? entry : null;
    }
}
