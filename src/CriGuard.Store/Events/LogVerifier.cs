using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Proves a log as it lies on disk, also while it is being written.</summary>
public static class LogVerifier
{
    /// <exception cref="EventLogException">There is no log, or it cannot be read.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static LogProof Verify(string directory, CancellationToken cancellation = default)
    {
        try
        {
            if (!Directory.Exists(directory))
                throw EventLogException.Nowhere(directory);
            var files = new LogDirectory(directory);
            // The head first: whatever is appended meanwhile stands behind it.
            var head = HeadFile.Read(files.Head);
            var segments = files.Segments();
            if (head is null && segments.Length == 0)
                throw EventLogException.Nowhere(directory);
            var proof = Prove(files, segments, head ?? ChainPosition.Start, cancellation);
            return head is null && proof.Ok ? proof with { Fault = Headless(files) } : proof;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e as EventLogException ?? new EventLogException($"event log `{directory}` cannot be read: {e.Message}", e);
        }
    }

    private static LogProof Prove(LogDirectory files, long[] segments, ChainPosition head, CancellationToken cancellation)
    {
        var chain = new Chain(head);
        var end = new LinePlace(Path.GetFileName(files.Segment(1)), 1);
        var unfinished = 0;
        var events = 0L;
        ChainFault? misnamed = null;
        foreach (var first in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            using var lines = new LineScanner(files.Segment(first));
            var name = Path.GetFileName(files.Segment(first));
            var before = chain.Position.Sequence;
            while (lines.TryNext(out var line))
            {
                chain.Add(line.Span, new LinePlace(name, lines.Lines));
                if (lines.Lines == 1 && chain.Position.Sequence == before + 1 && before + 1 != first)
                    misnamed ??= new ChainFault(ChainFaultKind.Changed, new LinePlace(name, 1), $"the file was renamed: its first line is sequence {before + 1}");
            }

            end = new LinePlace(name, lines.Lines + 1);
            unfinished = lines.Unfinished.Length;
            if (unfinished > 0 && first != segments[^1])
                chain.Add(lines.Unfinished.Span, end);
            events = chain.Position.Sequence;
        }

        chain.Finish(end);
        return new LogProof(events, chain.Position, unfinished, chain.Fault ?? misnamed);
    }

    private static ChainFault Headless(LogDirectory files) => new(
        ChainFaultKind.Truncated, new LinePlace(Path.GetFileName(files.Head), 1), "the head file is missing or unreadable: whether events were cut off the end cannot be told");
}
