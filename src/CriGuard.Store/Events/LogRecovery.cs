using System.Collections.Immutable;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Where an opened log goes on.</summary>
/// <param name="Position">Position behind the last event.</param>
/// <param name="Segment">First sequence of the segment to go on with; null for a new one.</param>
/// <param name="Length">Bytes of that segment that count.</param>
/// <param name="Notes">What had to be done to get there: kind of event and details.</param>
internal sealed record LogTail(ChainPosition Position, long? Segment, long Length, ImmutableArray<LogNote> Notes)
{
    /// <summary>Time of the first event of that segment; null where it has none.</summary>
    public DateTimeOffset? Began { get; init; }

    /// <summary>The last event; null where there is none.</summary>
    public EventEntry? Last { get; init; }
}

/// <summary>An event of the log about itself.</summary>
internal sealed record LogNote(string Kind, ImmutableArray<KeyValuePair<string, string>> Details)
{
    public LogNote(string kind, params (string Name, string Value)[] details)
        : this(kind, [.. details.Select(static d => KeyValuePair.Create(d.Name, d.Value))])
    {
    }
}

/// <summary>Finds the end of a log that a crash may have left at any byte, and takes off what was torn.</summary>
internal static class LogRecovery
{
    /// <summary>
    /// What the head vouches for is never touched: where it was changed or cut off, the log goes on from the head, so that the chain shows the
    /// fault for ever. Behind the head lines count as long as each fits the one before; the rest was never acknowledged and is set aside.
    /// </summary>
    /// <exception cref="IOException">The directory cannot be read or written.</exception>
    public static LogTail Recover(LogDirectory directory)
    {
        var head = HeadFile.Read(directory.Head);
        var segments = directory.Segments();
        if (segments.Length == 0)
            return head is { Sequence: > 0 } lost ? new LogTail(lost, null, 0, [Gap(1, lost.Sequence)]) : new LogTail(ChainPosition.Start, null, 0, []);

        var last = segments[^1];
        // A head from before this segment (restored from somewhere) tells nothing of its lines: it is synced whenever a segment begins.
        var anchor = head is { } known && known.Sequence >= last - 1 ? known : (ChainPosition?)null;
        var (position, length, lastLine) = Walk(directory.Segment(last), last, anchor);
        var notes = ImmutableArray.CreateBuilder<LogNote>();
        if (SetAside(directory, last, length, position.Sequence + 1) is { } repaired)
            notes.Add(repaired);
        if (anchor is null)
            notes.Add(new LogNote(EventKinds.LogRepaired, ("head", head is null ? "missing" : "older than the last segment")));
        if (anchor is { } vouched && position.Sequence < vouched.Sequence)
            return new LogTail(vouched, null, 0, [.. notes, Gap(position.Sequence + 1, vouched.Sequence)]);
        return new LogTail(anchor is { } end && end.Sequence == position.Sequence ? end : position, last, length, notes.ToImmutable())
        {
            Began = SegmentEnds.First(directory.Segment(last))?.Time,
            // A segment that was begun and has no event yet: the last one is in the segment before.
            Last = length > 0 ? SegmentEnds.At(directory.Segment(last), lastLine) : segments.Length > 1 ? SegmentEnds.Last(directory.Segment(segments[^2])) : null,
        };
    }

    private static (ChainPosition Position, long Length, long LastLine) Walk(string path, long first, ChainPosition? anchor)
    {
        using var lines = new LineScanner(path);
        var position = new ChainPosition(first - 1, anchor is { } start && start.Sequence == first - 1 ? start.Hash : LineHash.None);
        var (length, lastLine) = (0L, 0L);
        while (lines.TryNext(out var line))
        {
            var next = new ChainPosition(position.Sequence + 1, LineHash.Of(line.Span));
            if (anchor is { } head)
            {
                if (next.Sequence == head.Sequence)
                    next = head;
                else if (next.Sequence > head.Sequence && !(LineLinkReader.TryRead(line.Span, out var link) && position.Precedes(link)))
                    break;
            }

            (position, length, lastLine) = (next, lines.Offset, length);
        }

        return (position, length, lastLine);
    }

    private static LogNote? SetAside(LogDirectory directory, long segment, long length, long sequence)
    {
        using var file = PrivateFile.Open(directory.Segment(segment), FileMode.Open);
        if (file.Length == length)
            return null;
        var torn = new byte[file.Length - length];
        RandomAccess.Read(file.SafeFileHandle, torn, length);
        var evidence = directory.FreeTornFile(sequence);
        PrivateFile.Write(evidence, torn);
        DirectorySync.Flush(directory.Path);
        file.SetLength(length);
        file.Flush(flushToDisk: true);
        return new LogNote(EventKinds.LogRepaired, ("bytes", $"{torn.Length}"), ("file", Path.GetFileName(evidence)));
    }

    private static LogNote Gap(long first, long last) => new(EventKinds.LogGap, ("first", $"{first}"), ("last", $"{last}"), ("cause", "cut off the end of the log while it was closed"));
}
