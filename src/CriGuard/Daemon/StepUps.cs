using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// After an incident that the policy names (`stepUp`), adds the rule that `criguard step-up` would: on record first, then as a file of the policy, which
/// the watch of files takes like any other. It never makes one weaker or shorter, and tenants cannot make the policy grow: where many workloads of a
/// namespace have had theirs, the namespace gets one as a whole.
/// </summary>
internal sealed class StepUps(CurrentPolicy policy, EventLog events, string node, TimeProvider time, ILogger log) : IDisposable
{
    public const int MostOfOneNamespace = 8;
    public const int Most = 256;

    private readonly SemaphoreSlim _one = new(1);
    private readonly Unfinished _adding = new();

    /// <summary>By target: what was written, and may not be in force yet.</summary>
    private readonly Dictionary<string, StepUp> _written = new(StringComparer.Ordinal);

    /// <summary>Looks at a decision that is on record; does not hold the call.</summary>
    public void See(PodIdentity? pod, Verdict verdict)
    {
        if (pod is not null && policy.Snapshot.StepUp is { } setting && setting.Incident(verdict) is { } finding)
            _ = _adding.TrackAsync(AddAsync(pod, setting, finding.Control));
    }

    /// <summary>The same for what is on record and no decision.</summary>
    public void See(PodIdentity? pod, Control control)
    {
        if (pod is not null && policy.Snapshot.StepUp is { } setting && setting.After.Contains(control))
            _ = _adding.TrackAsync(AddAsync(pod, setting, control));
    }

    /// <summary>Waits for those that are being added.</summary>
    public Task DrainAsync() => _adding.DrainAsync();

    public void Dispose() => _one.Dispose();

    private async Task AddAsync(PodIdentity pod, StepUpSetting setting, Control control)
    {
        // The call goes on meanwhile.
        await Task.Yield();
        await _one.WaitAsync();
        try
        {
            if (await TryAddAsync(pod, setting, control) is { } problem)
                await FailAsync(pod, control, problem);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await FailAsync(pod, control, e.Message);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <returns>Why it cannot be; null where it is, or was already.</returns>
    private async Task<string?> TryAddAsync(PodIdentity pod, StepUpSetting setting, Control control)
    {
        var (active, now) = (Active(), time.GetUtcNow());
        var target = Target(pod, active);
        var before = active.GetValueOrDefault(target);
        // Far from its end: a pod that is refused in ever new ways must not have the policy read anew each time.
        if (((StepUp?[])[before, active.GetValueOrDefault(pod.Namespace)]).Any(s => s is not null && s.Level >= setting.To && s.Expires - now > setting.For / 2))
            return null;
        if (before is null && active.Count >= Most)
            return $"there are {Most} step-ups already: `criguard step-up clear` takes away those that are not needed";
        var (level, until) = (before?.Level > setting.To ? before.Level : setting.To, now + setting.For);
        var stepUp = new StepUp(target, level, $"{control.Name()} of pod {pod}", before?.Expires > until ? before.Expires : until) { IsAutomatic = true };
        if (StepUp.Objection(target) is { } objection)
            return objection;
        if (PolicyReader.ReadWith(policy.Path, StepUp.FileOf(policy.Path, target, automatic: true), stepUp.Document()).Errors is [var error, ..])
            return $"the policy would not hold together: {error}";
        await events.AppendAsync(Record(
            EventKinds.StepUpAdded, pod, new("target", target), new("level", level.Word()), new("until", $"{stepUp.Expires!.Value.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"),
            new("rule", stepUp.Name), new("reason", stepUp.Reason)));
        stepUp.Write(policy.Path);
        _written[target] = stepUp;
        Log.SteppedUp(log, target, level.Word(), stepUp.Expires!.Value, stepUp.Reason);
        return null;
    }

    private async Task FailAsync(PodIdentity pod, Control control, string problem)
    {
        Log.NotSteppedUp(log, pod.ToString(), problem);
        try
        {
            await events.AppendAsync(Record(EventKinds.StepUpFailed, pod, new("control", control.Name()), new("problem", problem)));
        }
        catch (EventLogException)
        {
            // The daemon's log has said it; the event log tells of the gap.
        }
    }

    private static string Target(PodIdentity pod, Dictionary<string, StepUp> active)
    {
        var workload = $"{pod.Namespace}/{WorkloadName.Of(pod.Name)}";
        return active.ContainsKey(workload) || active.Keys.Count(t => t.StartsWith(pod.Namespace + "/", StringComparison.Ordinal)) < MostOfOneNamespace ? workload : pod.Namespace;
    }

    /// <summary>By target: the daemon's own that are there and hold; those that have ended are taken away.</summary>
    private Dictionary<string, StepUp> Active()
    {
        var active = new Dictionary<string, StepUp>(StringComparer.Ordinal);
        foreach (var stepUp in StepUp.Of(policy.Snapshot).Where(static s => s.IsAutomatic).Concat(_written.Values))
        {
            if (!(active.GetValueOrDefault(stepUp.Target)?.Expires >= stepUp.Expires))
                active[stepUp.Target] = stepUp;
        }

        foreach (var (target, stepUp) in active)
        {
            var file = StepUp.FileOf(policy.Path, target, automatic: true);
            if (stepUp.Expires <= time.GetUtcNow())
                File.Delete(file);
            if (File.Exists(file))
                continue;
            // An administrator may have cleared it too.
            active.Remove(target);
            _written.Remove(target);
        }

        return active;
    }

    private EventRecord Record(string kind, PodIdentity pod, params ImmutableArray<KeyValuePair<string, string>> details) =>
        new() { Kind = kind, Time = time.GetUtcNow(), Node = node, Pod = pod, Details = details };
}
