using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>Appends groups of events to segments; for one thread at a time.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly LogDirectory _directory;
    private readonly EventLogOptions _options;
    private readonly HeadFile _head;
    private readonly ArrayBufferWriter<byte> _lines = new();
    private SegmentFile _segment;
    private Mark _written;
    private Mark _synced;
    private long _sequence;
    private long _syncs;
    private long _headSynced;
    private long _lost;
    private long _lostNoted;
    private string _lostTo = "";
    private DateTimeOffset _lostSince;
    private DateTimeOffset? _segmentBegan;
    private Checkpoint? _made;
    private Checkpoint? _checkpoint;

    /// <exception cref="IOException">The directory cannot be written.</exception>
    public LogWriter(LogDirectory directory, EventLogOptions options, LogTail tail)
    {
        (_directory, _options) = (directory, options);
        _written = _synced = new Mark(tail.Position, tail.Length, tail.Last is null or { Kind: EventKinds.LogCheckpoint } ? 0 : 1);
        _segmentBegan = tail.Began;
        _head = new HeadFile(directory.Head);
        if (tail.Position == ChainPosition.Start)
        {
            // Before the first segment: a log without a head cannot show that it was cut off.
            _head.Write(ChainPosition.Start);
            _head.Sync();
        }

        _segment = tail.Segment is { } first ? SegmentFile.Continue(directory.Segment(first), tail.Length) : SegmentFile.Create(directory.Segment(tail.Position.Sequence + 1));
        DirectorySync.Flush(directory.Path);
        Write([.. tail.Notes.Select(Event)], checkpoint: false);
        Persist();
        SyncHead();
        _synced = _written;
        _sequence = _synced.Position.Sequence;
    }

    /// <summary>Sequence of the last event that is on disk.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>Syncs of segments so far.</summary>
    public long Syncs => Volatile.Read(ref _syncs);

    /// <summary>The last one that was made here and is on disk.</summary>
    public Checkpoint? Checkpoint => Volatile.Read(ref _checkpoint);

    /// <summary>Appends all of the group or, where this throws, nothing of it.</summary>
    /// <exception cref="IOException">The disk is full, read-only or broken; the next call tries again.</exception>
    public void Commit(IReadOnlyCollection<EventRecord> group, bool sync, bool checkpoint)
    {
        var written = false;
        try
        {
            if (!_segment.IsInPlace)
                throw new FileNotFoundException($"`{_segment.Path}` was taken away: put it back, or restart criguard to begin a new log");
            _segment.CutBack(_written.Length);
            if (_segment.Length >= _options.SegmentBytes || (_segmentBegan is { } began && _options.Time.GetUtcNow() - began >= _options.SegmentAge))
                Rotate();
            Write(group, checkpoint);
            written = true;
            if (sync)
                Sync();
        }
        catch (Exception e)
        {
            Lose(written ? 0 : group.Count);
            _lostTo = e.Message;
            TryCutBack();
            throw;
        }
    }

    /// <exception cref="IOException">Events that nobody waited for may not be on disk.</exception>
    public void Dispose()
    {
        try
        {
            // A log that is closed in order is signed to its end.
            if (_lost == 0 && _segment.IsInPlace)
                Write([], checkpoint: true, closing: true);
            Sync();
            SyncHead();
        }
        finally
        {
            _segment.Dispose();
            _head.Dispose();
        }
    }

    private void Write(IReadOnlyCollection<EventRecord> group, bool checkpoint, bool closing = false)
    {
        _lines.ResetWrittenCount();
        var position = _written.Position;
        if (_lost > 0)
            position = EventLine.Append(_lines, Event(new LogNote(EventKinds.LogGap, ("lost", $"{_lost}"), ("cause", _lostTo), ("from", Text(_lostSince)))), position);
        foreach (var record in group)
            position = EventLine.Append(_lines, record, position);
        var unsigned = _written.Unsigned + position.Sequence - _written.Position.Sequence;
        if (_options.Key is { } key && unsigned > 0 && (checkpoint || unsigned >= _options.CheckpointEvents))
        {
            _made = key.Sign(position, _options.Time.GetUtcNow());
            position = EventLine.Append(_lines, Event(new LogNote(EventKinds.LogCheckpoint, closing ? [.. _made.Details, new("closed", "true")] : _made.Details)) with { Time = _made.Time }, position);
            unsigned = 0;
        }

        _segment.Write(_lines.WrittenSpan);
        if (_lines.WrittenCount > 0)
            _segmentBegan ??= _options.Time.GetUtcNow();
        _written = new Mark(position, _segment.Length, unsigned);
        (_lost, _lostNoted) = (0, _lostNoted + _lost);
    }

    private void Sync()
    {
        if (_written == _synced)
            return;
        try
        {
            Persist();
            if (_written.Position.Sequence - _headSynced >= _options.HeadSyncEvents)
                SyncHead();
        }
        catch
        {
            // After a failed sync the kernel takes the pages for clean, and the next sync succeeds without them (fsync(2), EIO): nothing
            // since the last good one counts any more.
            Lose(_lostNoted + _written.Position.Sequence - _synced.Position.Sequence);
            _lostNoted = 0;
            _written = _synced;
            _made = _checkpoint;
            throw;
        }

        _synced = _written;
        _lostNoted = 0;
        Volatile.Write(ref _checkpoint, _made);
        Volatile.Write(ref _sequence, _synced.Position.Sequence);
    }

    private void Persist()
    {
        _segment.Sync();
        Volatile.Write(ref _syncs, _syncs + 1);
        // After the lines, never before: a head ahead of the log means that events were taken away.
        _head.Write(_written.Position);
    }

    private void SyncHead()
    {
        _head.Sync();
        _headSynced = _written.Position.Sequence;
    }

    private void Rotate()
    {
        Sync();
        SyncHead();
        var next = SegmentFile.Create(_directory.Segment(_written.Position.Sequence + 1));
        try
        {
            DirectorySync.Flush(_directory.Path);
        }
        catch
        {
            next.Dispose();
            throw;
        }

        _segment.Dispose();
        (_segment, _segmentBegan) = (next, null);
        _written = _synced = new Mark(_written.Position, 0, _written.Unsigned);
    }

    private void TryCutBack()
    {
        try
        {
            _segment.CutBack(_written.Length);
        }
        catch (IOException)
        {
            // The next commit tries again before it writes.
        }
    }

    private void Lose(long events)
    {
        if (_lost == 0)
            _lostSince = _options.Time.GetUtcNow();
        _lost += events;
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);

    private EventRecord Event(LogNote note) => new() { Kind = note.Kind, Time = _options.Time.GetUtcNow(), Node = _options.Node, Details = note.Details };

    /// <summary>A position, where its line ends in the segment, and how many lines up to it no checkpoint covers.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Mark(ChainPosition Position, long Length, long Unsigned);
}
