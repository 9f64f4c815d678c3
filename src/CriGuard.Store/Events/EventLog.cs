using System.Runtime.InteropServices;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>The event log of this node, open for appending: what is appended in parallel shares one sync.</summary>
public sealed class EventLog : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly LogWriter _writer;
    private readonly LogRetention _retention;
    private readonly Thread _thread;
    private readonly ITimer? _checkpoints;
    private readonly object _gate = new();
    private List<Pending> _waiting = [];
    private bool _closed;

    private EventLog(LogDirectory files, EventLogOptions options, FileStream exclusive, LogTail tail)
    {
        (_directory, _lock, Before) = (files.Path, exclusive, tail.Last);
        _writer = new LogWriter(files, options, tail);
        _retention = new LogRetention(files, options);
        // A thread of its own: it spends its life waiting for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "event log" };
        _thread.Start();
        if (options.Key is not { } key)
            return;
        if (key.MadeBecause is { } cause)
            Append(new EventRecord { Kind = EventKinds.LogKey, Time = options.Time.GetUtcNow(), Node = options.Node, Details = [new("key", key.Fingerprint), new("cause", cause)] });
        _checkpoints = options.Time.CreateTimer(static log => ((EventLog)log!).MakeCheckpoint(), this, options.CheckpointPeriod, options.CheckpointPeriod);
    }

    /// <summary>The last event that was there when the log was opened; null for a new one.</summary>
    public EventEntry? Before { get; }

    /// <summary>Sequence of the last event that is on disk.</summary>
    public long Sequence => _writer.Sequence;

    /// <summary>The last checkpoint that was made since the log was opened and is on disk: kept elsewhere too, it shows that nothing in front of it was cut off.</summary>
    public Checkpoint? Checkpoint => _writer.Checkpoint;

    /// <summary>Syncs so far: far fewer than events where these come in parallel.</summary>
    public long Syncs => _writer.Syncs;

    /// <summary>Opens the log, creates it where there is none, and takes off a last line that a crash has torn.</summary>
    /// <exception cref="EventLogException">Another process has it open, or the directory cannot be read and written.</exception>
    public static EventLog Open(string directory, EventLogOptions options)
    {
        FileStream? exclusive = null;
        try
        {
            var files = new LogDirectory(directory);
            PrivateFile.CreateDirectory(directory);
            exclusive = LogLock.Take(files);
            return new EventLog(files, options, exclusive, LogRecovery.Recover(files));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            exclusive?.Dispose();
            throw e as EventLogException ?? new EventLogException($"event log `{directory}` cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Completes when the event is on disk. Events of one caller stay in order, those of <see cref="Append"/> included.</summary>
    /// <exception cref="EventLogException">The event is not on disk; the next one may be, and tells then that events were lost.</exception>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public ValueTask AppendAsync(EventRecord record)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Enqueue(new Pending(record, written));
        return new ValueTask(written.Task);
    }

    /// <summary>Appends without waiting, for events that hold up no call: on disk with the next one that is waited for, or at close.</summary>
    /// <exception cref="ObjectDisposedException">The log is closed.</exception>
    public void Append(EventRecord record) => Enqueue(new Pending(record, null));

    /// <summary>
    /// Removes the oldest segments where there is more than is to be kept: which events they held is on disk before they go. Off the way of appends, but for
    /// that one event.
    /// </summary>
    /// <returns>What was removed; null where nothing was.</returns>
    /// <exception cref="EventLogException">It cannot be recorded or removed; the next call tries again.</exception>
    public async Task<RemovedEvents?> TrimAsync()
    {
        try
        {
            if (_retention.Plan() is not { } plan)
                return null;
            await AppendAsync(_retention.Record(plan));
            _retention.Remove(plan);
            return plan.Events;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw e as EventLogException ?? Failure(e);
        }
    }

    /// <summary>Writes what was appended, syncs, and gives the log free for another process.</summary>
    /// <exception cref="EventLogException">Events that nobody waited for are not on disk.</exception>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _checkpoints?.Dispose();
        _thread.Join();
        try
        {
            _writer.Dispose();
        }
        catch (IOException e)
        {
            throw Failure(e);
        }
        finally
        {
            _lock.Dispose();
        }
    }

    private void MakeCheckpoint()
    {
        lock (_gate)
        {
            if (_closed)
                return;
            _waiting.Add(new Pending(null, null));
            Monitor.Pulse(_gate);
        }
    }

    private void Enqueue(Pending pending)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _waiting.Add(pending);
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        for (var group = new List<Pending>(); TryTake(ref group); group.Clear())
            Commit(group);
    }

    // Whatever came while the last group was on its way to the disk is the next group.
    private bool TryTake(ref List<Pending> group)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_closed)
                Monitor.Wait(_gate);
            (_waiting, group) = (group, _waiting);
            return group.Count > 0;
        }
    }

    private void Commit(List<Pending> group)
    {
        try
        {
            bool checkpoint = group.Exists(static p => p.Record is null);
            _writer.Commit([.. group.Select(static p => p.Record).OfType<EventRecord>()], checkpoint || group.Exists(static p => p.Written is not null), checkpoint);
        }
        catch (Exception e)
        {
            // Of any kind: a caller that heard nothing would wait for ever, and one that heard of success would go on without a record.
            foreach (var pending in group)
                pending.Written?.TrySetException(Failure(e));
            return;
        }

        foreach (var pending in group)
            pending.Written?.TrySetResult();
    }

    private EventLogException Failure(Exception e) => new($"event log `{_directory}` cannot be written: {e.Message}", e);

    /// <summary>An event on its way; without a source nobody waits for it. Without a record it asks for a checkpoint.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pending(EventRecord? Record, TaskCompletionSource? Written);
}
