using System.Runtime.InteropServices;
using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>The event log of this node, open for appending: what is appended in parallel shares one sync.</summary>
public sealed class EventLog : IDisposable
{
    private readonly string _directory;
    private readonly FileStream _lock;
    private readonly LogWriter _writer;
    private readonly Thread _thread;
    private readonly object _gate = new();
    private List<Pending> _waiting = [];
    private bool _closed;

    private EventLog(string directory, FileStream exclusive, LogWriter writer)
    {
        (_directory, _lock, _writer) = (directory, exclusive, writer);
        // A thread of its own: it spends its life waiting for the disk.
        _thread = new Thread(Run) { IsBackground = true, Name = "event log" };
        _thread.Start();
    }

    /// <summary>Sequence of the last event that is on disk.</summary>
    public long Sequence => _writer.Sequence;

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
            return new EventLog(directory, exclusive, new LogWriter(files, options, LogRecovery.Recover(files)));
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
            _writer.Commit([.. group.Select(static p => p.Record)], group.Exists(static p => p.Written is not null));
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

    /// <summary>An event on its way; without a source nobody waits for it.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Pending(EventRecord Record, TaskCompletionSource? Written);
}
