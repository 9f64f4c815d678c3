using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>What was copied of a log.</summary>
/// <param name="First">Sequence of the first line.</param>
/// <param name="Last">Sequence of the last line.</param>
/// <param name="Covered">True where it ends with the checkpoint that proves it; false where none has been made behind it yet.</param>
public sealed record CopiedLines(long First, long Last, bool Covered);

/// <summary>Copies a part of a log, line by line as it is, to where it can be proved without the rest.</summary>
public static class LogExcerpt
{
    /// <summary>All lines from one sequence to another, and on to the checkpoint that covers them.</summary>
    /// <param name="directory">The log.</param>
    /// <param name="target">A directory that is not there yet, or is empty.</param>
    /// <param name="first">Sequence of the first line that is wanted.</param>
    /// <param name="last">Sequence of the last one.</param>
    /// <exception cref="EventLogException">The log cannot be read, or the copy not written.</exception>
    public static CopiedLines Write(string directory, string target, long first, long last)
    {
        try
        {
            if (Directory.Exists(target) && Directory.EnumerateFileSystemEntries(target).Any())
                throw new EventLogException($"`{target}` is not empty: name a directory that is not there yet");
            PrivateFile.CreateDirectory(target);
            using var copy = PrivateFile.Open(new LogDirectory(target).Segment(first), FileMode.CreateNew);
            using var lines = new BufferedStream(copy);
            var copied = Copy(new LogDirectory(directory), lines, first, last);
            lines.Flush();
            copy.Flush(flushToDisk: true);
            return copied;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e as EventLogException ?? new EventLogException($"the part of event log `{directory}` cannot be copied: {e.Message}", e);
        }
    }

    private static CopiedLines Copy(LogDirectory files, Stream copy, long first, long last)
    {
        var segments = files.Segments();
        var at = first - 1;
        foreach (long segment in segments.Where((_, index) => index + 1 == segments.Length || segments[index + 1] > first))
        {
            using var lines = new LineScanner(files.Segment(segment));
            while (lines.TryNext(out var line))
            {
                if (!LineLinkReader.TryRead(line.Span, out var link) || link.Sequence < first)
                    continue;
                copy.Write(line.Span);
                copy.Write("\n"u8);
                at = link.Sequence;
                if (at >= last && EventLineReader.TryParse(line, out var entry) && entry.Kind == EventKinds.LogCheckpoint)
                    return new CopiedLines(first, at, true);
            }
        }

        return new CopiedLines(first, at, false);
    }
}
