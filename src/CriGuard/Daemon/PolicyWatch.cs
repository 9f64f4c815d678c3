using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// Keeps the policy in force equal to its files: looks at their content, since no notification tells of swapped links and network file systems
/// alike, and takes what has stayed the same for one look. What has errors is refused, and the policy in force stays. What was refused for a handler that
/// the runtime did not have is taken when it has it.
/// </summary>
internal sealed class PolicyWatch : IDisposable
{
    /// <summary>From look to look; a change is in force after one to two of them. A look reads a few kilobytes from the page cache.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly CurrentPolicy _policy;
    private readonly HandlerWatch? _handlers;
    private readonly EventLog _events;
    private readonly string _node;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly SemaphoreSlim _one = new(1);
    private string _seen;
    private string _taken;
    private string _unrecorded = "";

    /// <param name="policy">What is replaced.</param>
    /// <param name="handlers">Knows whether the runtime has what a policy needs; null where nobody asks.</param>
    /// <param name="events">Where it is put on record.</param>
    /// <param name="node">Name of the node in events.</param>
    /// <param name="time">For looks and events.</param>
    /// <param name="log">The daemon's own.</param>
    public PolicyWatch(CurrentPolicy policy, HandlerWatch? handlers, EventLog events, string node, TimeProvider time, ILogger log)
    {
        (_policy, _handlers, _events, _node, _time, _log) = (policy, handlers, events, node, time, log);
        _seen = _taken = policy.Digest;
    }

    /// <summary>Looks until <paramref name="stop"/>.</summary>
    public Task RunAsync(CancellationToken stop) => Rounds.RunAsync(Period, _time, LookAsync, stop);

    /// <summary>One look: takes the files as they are if they changed, and are as they were at the look before: a file may still be written to.</summary>
    public async Task LookAsync()
    {
        await _one.WaitAsync();
        try
        {
            string digest = PolicyFiles.Digest(_policy.Path);
            bool settled = digest == _seen;
            _seen = digest;
            if (settled && digest != _taken)
                await TakeAsync(digest, "files");
            else if (settled && _handlers is { HaveCome: true })
                await TakeAsync(digest, "handlers");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A watch that ends without a word would leave the node on an old policy.
            Log.PolicyWatchFailed(_log, _policy.Snapshot.Revision, e);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Takes the files as they are, at once and whether they changed or not: someone asks for it by SIGHUP.</summary>
    public async Task ReloadAsync()
    {
        await _one.WaitAsync();
        try
        {
            _seen = PolicyFiles.Digest(_policy.Path);
            await TakeAsync(_seen, "SIGHUP");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            Log.PolicyWatchFailed(_log, _policy.Snapshot.Revision, e);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task TakeAsync(string digest, string cause)
    {
        var reading = CurrentPolicy.Read(_policy.Path);
        // Written to meanwhile: what was read is no state that anybody left there.
        if (PolicyFiles.Digest(_policy.Path) != digest)
            return;
        if (_handlers is not null)
            reading = await _handlers.CheckAsync(reading);
        // What cannot be recorded is tried again at each look, and told once.
        bool told = _unrecorded == digest;
        string before = _policy.Snapshot.Revision;
        foreach (var error in reading.Errors)
        {
            if (!told)
                Log.PolicyRefused(_log, before, error.ToString());
        }

        try
        {
            await _events.AppendAsync(Record(reading, before, cause));
        }
        catch (EventLogException e)
        {
            if (!told)
                Log.PolicyNotRecorded(_log, before, e);
            // Whatever it was read for: files that are as they were before too.
            (_unrecorded, _taken) = (digest, "");
            return;
        }

        (_taken, _unrecorded) = (digest, "");
        if (reading.Policy is not { } policy)
            return;
        _policy.Replace(policy);
        Log.PolicyLoaded(_log, policy.Revision);
    }

    private EventRecord Record(PolicyReading reading, string before, string cause) => new()
    {
        Kind = reading.Policy is null ? EventKinds.PolicyRefused : EventKinds.PolicyLoaded,
        Time = _time.GetUtcNow(),
        Node = _node,
        Details = reading.Policy is { } policy
            ? [new("revision", policy.Revision), new("before", before), new("cause", cause)]
            : [new("revision", before), new("cause", cause), new("errors", string.Join("; ", reading.Errors))],
    };
}
