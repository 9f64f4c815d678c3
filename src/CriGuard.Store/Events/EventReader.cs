using System.Runtime.CompilerServices;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>An event and the line that it was read from, without its newline.</summary>
public sealed record LoggedEvent(EventEntry Entry, ReadOnlyMemory<byte> Line);

/// <summary>Reads the events of a log in order, also while it is being written; what it reads it does not prove.</summary>
public sealed class EventReader : IDisposable
{
    /// <summary>How often a log that is followed is looked at.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly LogDirectory _directory;
    private readonly EventFilter _filter;
    private LineScanner? _lines;
    private long _segment;

    /// <exception cref="EventLogException">There is no such directory.</exception>
    public EventReader(string directory, EventFilter filter)
    {
        if (!Directory.Exists(directory))
            throw EventLogException.Nowhere(directory);
        (_directory, _filter) = (new LogDirectory(directory), filter);
    }

    /// <summary>Lines so far that are no events; the verifier says what is wrong with them.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The events that came since the last call; at first, all.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public IEnumerable<LoggedEvent> Read()
    {
        while (true)
        {
            // Asked before the current segment is read to its end: when a later one is there, nothing comes to this one any more.
            var next = Guarded(() => _directory.Segments().FirstOrDefault(first => first > _segment));
            while (_lines is not null && Guarded(Next) is { } line)
            {
                if (!EventLineReader.TryParse(line, out var entry))
                    Unreadable++;
                else if (_filter.Matches(entry))
                    yield return new LoggedEvent(entry, line);
            }

            if (next == 0)
                yield break;
            _lines?.Dispose();
            _lines = Guarded(() => LineScanner.TryOpen(_directory.Segment(next)));
            _segment = next;
        }
    }

    /// <summary>All events, then those that come, until it is cancelled.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public async IAsyncEnumerable<LoggedEvent> Follow(TimeProvider time, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // A look at a directory a few times a second costs nothing, and works on file systems that notify of nothing.
        using var timer = new PeriodicTimer(Interval, time);
        do
        {
            foreach (var logged in Read())
                yield return logged;
        }
        while (await timer.WaitForNextTickAsync(cancellation));
    }

    public void Dispose() => _lines?.Dispose();

    private byte[]? Next()
    {
        if (_lines!.IsCut)
            _lines.Rewind();
        return _lines.TryNext(out var line) ? line.ToArray() : null;
    }

    private T Guarded<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new EventLogException($"event log `{_directory.Path}` cannot be read: {e.Message}", e);
        }
    }
}
