using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Daemon.Judging;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// Asks the runtime whether it has the handlers that the policy needs: when a policy is taken, and every minute. A handler that vanishes is an alarm, once,
/// and so is its return; the pods that need it are refused meanwhile by the judge, who asks for himself.
/// </summary>
internal sealed class HandlerWatch(CurrentPolicy policy, RuntimeQuestions runtime, EventLog events, string node, TimeProvider time, ILogger log)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Until the runtime answers: at boot it may come up after us.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);

    /// <summary>Refused for what the runtime did not offer; null where none waits.</summary>
    private volatile CompiledPolicy? _waiting;

    /// <summary>At the last answer; null before there was one.</summary>
    private volatile ImmutableSortedSet<string>? _offered;

    /// <summary>True where a policy was refused for handlers that have come since: it is worth reading again.</summary>
    public bool HaveCome => _waiting is { } waiting && MissingHandler.Of(waiting, _offered).IsEmpty;

    /// <summary>Looks until <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        try
        {
            while (true)
                await Task.Delay(await LookAsync(stop) ? Period : Retry, time, stop);
        }
        catch (OperationCanceledException)
        {
            // How it ends.
        }
    }

    /// <summary>One look at what the policy in force needs; false where the runtime does not answer.</summary>
    public async Task<bool> LookAsync(CancellationToken stop)
    {
        var snapshot = policy.Snapshot;
        try
        {
            if (_waiting is null && !MissingHandler.IsPossible(snapshot))
                return true;
            if (await AskAsync(stop) is not { } offered)
                return false;
            foreach (var missing in MissingHandler.Of(snapshot, offered).Where(missing => !_missing.Contains(missing.Handler.Name)))
                await AlarmAsync(missing);
            foreach (string back in _missing.Where(offered.Contains).Order(StringComparer.Ordinal).ToList())
                await EndAsync(back);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Tried again at the next look, since it is not remembered; a watch that ends without a word would miss what comes.
            Log.HandlerWatchFailed(log, e);
        }

        return true;
    }

    /// <summary>A policy that needs a handler which the runtime does not have is wrong, as one is with a misspelled key; a runtime that does not answer says nothing.</summary>
    public async Task<PolicyReading> CheckAsync(PolicyReading reading)
    {
        _waiting = null;
        if (reading.Policy is not { } read || !MissingHandler.IsPossible(read) || await AskAsync(CancellationToken.None) is not { } offered)
            return reading;
        var missing = MissingHandler.Of(read, offered);
        if (missing.IsEmpty)
            return reading;
        _waiting = read;
        return PolicyReading.Failed(missing.Select(static m => m.Error));
    }

    private async Task AlarmAsync(MissingHandler missing)
    {
        var (handler, rules) = (missing.Handler, string.Join(", ", missing.Rules));
        Log.HandlerMissing(log, handler.Name, handler.Level.Word(), rules);
        await events.AppendAsync(Record(EventKinds.HandlerMissing, new("handler", handler.Name), new("level", handler.Level.Word()), new("rules", rules)));
        _missing.Add(handler.Name);
    }

    private async Task EndAsync(string handler)
    {
        await events.AppendAsync(Record(EventKinds.HandlerBack, new KeyValuePair<string, string>("handler", handler)));
        Log.HandlerBack(log, handler);
        _missing.Remove(handler);
    }

    /// <summary>Null where the runtime does not answer; one that answers and does not tell offers none.</summary>
    private async Task<ImmutableSortedSet<string>?> AskAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        await using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            return _offered = await runtime.HandlersAsync(Service, limit.Token) ?? [];
        }
        catch (Exception e) when (e is CannotJudgeException or OperationCanceledException && !stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private EventRecord Record(string kind, params ImmutableArray<KeyValuePair<string, string>> details) =>
        new() { Kind = kind, Time = time.GetUtcNow(), Node = node, Details = details };
}
