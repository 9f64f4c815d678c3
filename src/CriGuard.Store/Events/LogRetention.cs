using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Segments that are to be removed, and the events in them.</summary>
internal sealed record RemovalPlan(IReadOnlyList<long> Segments, RemovedEvents Events);

/// <summary>Which segments a log may do without: the oldest, whole, never the one that is appended to. The chain of what is left stays provable.</summary>
internal sealed class LogRetention(LogDirectory files, EventLogOptions options)
{
    /// <summary>Null where all may stay.</summary>
    /// <exception cref="IOException">The log cannot be read.</exception>
    public RemovalPlan? Plan()
    {
        if (options is { KeepBytes: 0, KeepFor.Ticks: 0 })
            return null;
        var segments = files.Segments();
        var sizes = segments.Select(first => new FileInfo(files.Segment(first)).Length).ToArray();
        var (count, cause) = (BySize(sizes), "size");
        if (ByAge(segments, count) is var aged && aged > count)
            (count, cause) = (aged, "age");
        return count == 0 ? null : Plan(segments, count, cause, sizes.Take(count).Sum());
    }

    /// <summary>The event that must be on disk before anything is removed.</summary>
    public EventRecord Record(RemovalPlan plan) => new() { Kind = EventKinds.LogTrimmed, Time = options.Time.GetUtcNow(), Node = options.Node, Details = plan.Events.Details };

    /// <summary>Removes, the oldest first: a crash leaves a log that goes on without a hole.</summary>
    /// <exception cref="IOException">One of them cannot be removed; the next plan has it again.</exception>
    public void Remove(RemovalPlan plan)
    {
        foreach (long first in plan.Segments)
            File.Delete(files.Segment(first));
        DirectorySync.Flush(files.Path);
    }

    // The last in the list is appended to, or was until now.
    private int BySize(long[] sizes)
    {
        var (count, rest) = (0, sizes.Sum());
        while (options.KeepBytes > 0 && rest > options.KeepBytes && count < sizes.Length - 1)
            rest -= sizes[count++];
        return count;
    }

    // A segment's last event is hardly older than the first of the next one.
    private int ByAge(long[] segments, int count)
    {
        if (options.KeepFor == TimeSpan.Zero)
            return count;
        var oldest = options.Time.GetUtcNow() - options.KeepFor;
        while (count < segments.Length - 1 && First(segments[count + 1]) is { } next && next.Time < oldest)
            count++;
        return count;
    }

    private RemovalPlan? Plan(long[] segments, int count, string cause, long bytes)
    {
        // Without the line that goes on from them nothing could be proved any more.
        if (First(segments[count]) is not { } left)
            return null;
        var start = Start(segments[0]);
        var chain = new Chain(new ChainPosition(left.Link.Sequence - 1, left.Link.Previous), start);
        var removed = segments.Take(count).ToArray();
        foreach (long segment in removed)
        {
            using var lines = new LineScanner(files.Segment(segment));
            while (lines.TryNext(out var line))
                chain.Add(line.Span, new LinePlace(Path.GetFileName(files.Segment(segment)), lines.Lines));
        }

        chain.Finish(new LinePlace(Path.GetFileName(files.Segment(segments[count])), 1));
        var (from, to) = (First(removed[0])?.Time ?? left.Time, SegmentEnds.Last(files.Segment(removed[^1]))?.Time ?? left.Time);
        return new RemovalPlan(removed, new RemovedEvents(segments[0], left.Link.Sequence - 1, start.Hash, left.Link.Previous, from, to)
        {
            Cause = cause,
            Bytes = bytes,
            Fault = chain.Fault is { } fault ? $"{fault.Place}: {fault.Message}" : "",
            Since = segments[0] == 1 ? from : Since(from),
        });
    }

    private ChainPosition Start(long first) =>
        first == 1 || First(first) is not { } entry ? ChainPosition.Start : new ChainPosition(entry.Link.Sequence - 1, entry.Link.Previous);

    // When the log began is in the record of the removal before this one, which is among the last events where segments come and go.
    private DateTimeOffset Since(DateTimeOffset otherwise) => EventSearch.Find(files.Path, $"\"{EventKinds.LogTrimmed}\"")
        .Select(static e => RemovedEvents.TryRead(e, out var removed) ? removed.Since : (DateTimeOffset?)null).FirstOrDefault(static since => since is not null) ?? otherwise;

    private EventEntry? First(long segment) => SegmentEnds.First(files.Segment(segment));
}
