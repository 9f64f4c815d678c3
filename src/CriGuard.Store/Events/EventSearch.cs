using System.Text;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Finds events by a text of their line, the latest segment first: lines without it are passed over unread.</summary>
public static class EventSearch
{
    /// <summary>The events whose line has the text; what is no event is left out, and nothing is proved of what is found.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static IEnumerable<EventEntry> Find(string directory, string text) => Find(directory, [text]);

    /// <summary>The events whose line has any of the texts.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static IEnumerable<EventEntry> Find(string directory, IReadOnlyCollection<string> texts)
    {
        var (files, wanted) = (new LogDirectory(directory), texts.Select(Encoding.UTF8.GetBytes).ToArray());
        foreach (var first in Guarded(directory, () => files.Segments().Reverse()))
        {
            foreach (var entry in Guarded(directory, () => Find(files.Segment(first), wanted)))
                yield return entry;
        }
    }

    /// <summary>The first event that is left; null where there is none. Above sequence 1 retention took off what was before it.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static EventEntry? First(string directory)
    {
        using var reader = new EventReader(directory, EventFilter.All);
        return reader.Read().FirstOrDefault()?.Entry;
    }

    private static List<EventEntry> Find(string segment, byte[][] wanted)
    {
        var found = new List<EventEntry>();
        if (LineScanner.TryOpen(segment) is not { } opened)
            return found;
        using var lines = opened;
        while (lines.TryNext(out var line))
        {
            var text = line;
            if (wanted.Any(w => text.Span.IndexOf(w) >= 0) && EventLineReader.TryParse(line, out var entry))
                found.Add(entry);
        }

        return found;
    }

    private static T Guarded<T>(string directory, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EventLogException($"event log `{directory}` cannot be read: {e.Message}", e);
        }
    }
}
