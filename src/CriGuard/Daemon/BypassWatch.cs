using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Store.BreakGlass;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>Knows whether the policy is bypassed: looks at the file that root leaves for it, and tells loudly while it is so.</summary>
internal sealed class BypassWatch
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>Between two reminders in the daemon's log.</summary>
    private static readonly TimeSpan Reminder = TimeSpan.FromMinutes(1);

    private const string Expired = "expired";

    private readonly BypassFile _file;
    private readonly EventLog _events;
    private readonly string _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private volatile Opened? _opened;
    private Bypass? _spent;
    private string _complained = "";

    public BypassWatch(BypassFile file, EventLog events, string node, TimeProvider time, ILogger log) =>
        (_file, _events, _node, _time, _log) = (file, events, node, time, log);

    /// <summary>The open bypass; null where the policy decides.</summary>
    public Bypass? Current => _opened is { } opened && IsOpen(opened) ? opened.Bypass : null;

    /// <summary>Looks until <paramref name="stop"/>; an open bypass stays open for the daemon that comes next.</summary>
    public Task RunAsync(CancellationToken stop) => Rounds.RunAsync(
        Period,
        _time,
        () =>
        {
            Look();
            return Task.CompletedTask;
        },
        stop);

    /// <summary>One look: opens, keeps, or closes.</summary>
    public void Look()
    {
        var found = Read();
        if (_opened is { } opened)
        {
            if (found == opened.Bypass && IsOpen(opened))
            {
                Remind(opened);
                return;
            }

            Close(opened, found == opened.Bypass ? Expired : "taken back");
        }

        if (found is null || found == _spent)
            return;
        if (found.IsOpen(_time.GetUtcNow()))
            Open(found);
        else
            Remove(found);
    }

    /// <summary>By the clock and by the time that has passed: a clock that is set back keeps nothing open.</summary>
    private bool IsOpen(Opened opened) =>
        opened.Bypass.IsOpen(_time.GetUtcNow()) && _time.GetElapsedTime(opened.Since) < opened.Left;

    private Bypass? Read()
    {
        try
        {
            var found = _file.Read();
            _complained = "";
            return found;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Said once: it opens nothing, and closes what was open.
            if (_complained != e.Message)
                Log.BypassUnreadable(_log, e.Message);
            _complained = e.Message;
            return null;
        }
    }

    private void Open(Bypass bypass)
    {
        var now = _time.GetTimestamp();
        _opened = new Opened(bypass, now, bypass.Until - _time.GetUtcNow()) { Reminded = now };
        Log.Bypassed(_log, bypass.Until, bypass.By, bypass.Reason);
        Record(EventKinds.BypassOpened, bypass, []);
    }

    private void Close(Opened opened, string cause)
    {
        _opened = null;
        Log.BypassEnded(_log, cause);
        Record(EventKinds.BypassClosed, opened.Bypass, [new("cause", cause)]);
        if (cause == Expired)
            Remove(opened.Bypass);
    }

    /// <summary>One that has ended, or that says what cannot be; it opens nothing any more, also where it cannot be removed.</summary>
    private void Remove(Bypass spent)
    {
        _spent = spent;
        try
        {
            _file.Remove();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.BypassUnreadable(_log, e.Message);
        }
    }

    private void Remind(Opened opened)
    {
        if (_time.GetElapsedTime(opened.Reminded) < Reminder)
            return;
        opened.Reminded = _time.GetTimestamp();
        Log.Bypassed(_log, opened.Bypass.Until, opened.Bypass.By, opened.Bypass.Reason);
    }

    private void Record(string kind, Bypass bypass, ReadOnlySpan<KeyValuePair<string, string>> more) => _events.Append(new EventRecord
    {
        Kind = kind,
        Time = _time.GetUtcNow(),
        Node = _node,
        Details = [new("until", $"{bypass.Until.UtcDateTime:O}"), new("by", bypass.By), new("reason", bypass.Reason), .. more],
    });

    private sealed record Opened(Bypass Bypass, long Since, TimeSpan Left)
    {
        public long Reminded { get; set; }
    }
}
