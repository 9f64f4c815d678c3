using System.Globalization;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon.Judging;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// Finds containers that nobody judged: compares the runtime's list with the event log, at the start and from time to time (T-C8, T-Q2). Each is
/// recorded once: those that were there before the gate, and those that another client made since. What is in no list has a name that its maker may
/// use again, so that it is recorded once by each daemon.
/// </summary>
internal sealed class ContainerWatch(
    RuntimeQuestions runtime, AccountedContainers accounted, UnlistedContainers unlisted, StepUps stepUps, EventLog events, string node, TimeProvider time, ILogger log)
{
    private const string Service = RuntimeQuestions.OfOurOwn;
    private const int MaxNames = 8;

    /// <summary>Ids that are accounted for or on record; forgotten with the container.</summary>
    private readonly HashSet<string> _settled = new(StringComparer.Ordinal);

    /// <summary>Processes of containers that are in no list, and are on record.</summary>
    private readonly HashSet<(int Pid, ulong Started)> _recorded = [];

    /// <param name="period">From look to look; zero for the one at the start alone.</param>
    /// <param name="stop">Ends it.</param>
    public async Task RunAsync(TimeSpan period, CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (period > TimeSpan.Zero)
            await Rounds.RunAsync(period, time, () => LookAsync(stop), stop);
    }

    /// <summary>One look; what cannot be told now is told by a later one.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        try
        {
            await LookAtListedAsync(stop);
            await LookAtUnlistedAsync(stop);
        }
        catch (CannotJudgeException e)
        {
            Log.ContainersNotCompared(log, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A watch that ends without a word would leave them unseen.
            Log.ContainerWatchFailed(log, e);
        }
    }

    private async Task LookAtListedAsync(CancellationToken stop)
    {
        var listed = await runtime.ContainersAsync(Service, sandboxId: "", stop);
        _settled.IntersectWith(listed.Select(static c => c.Id));
        List<Container> open = [.. listed.Where(c => !_settled.Contains(c.Id))];
        if (open.Count == 0)
            return;
        if (await accounted.MissingAsync([.. open.Select(static c => (c.Id, c.PodSandboxId))], stop) is not { } missing)
        {
            Log.ContainersNotCompared(log, "the event log cannot be read");
            return;
        }

        // Those from before the events that retention has left were accounted for, or recorded, in what it took.
        var from = missing.Count > 0 ? accounted.TrimmedUntil() : null;
        List<Container> found = [.. open.Where(c => missing.Contains(c.Id) && !(Time(c.CreatedAt) < from))];
        if (found.Count > 0)
            await RecordAsync(found, stop);
        _settled.UnionWith(open.Select(static c => c.Id));
    }

    private async Task LookAtUnlistedAsync(CancellationToken stop)
    {
        var found = await unlisted.FindAsync(stop);
        _recorded.IntersectWith(found.Select(static f => (f.Process.Pid, f.Process.Started)));
        foreach (var (container, process) in found.Where(f => !_recorded.Contains((f.Process.Pid, f.Process.Started))))
        {
            await events.AppendAsync(new EventRecord
            {
                Kind = EventKinds.ContainerUnaccounted,
                Time = time.GetUtcNow(),
                Node = node,
                SandboxId = container.SandboxId,
                ContainerName = container.Id,
                ContainerId = container.Id,
                Details = [new("runtimeNamespace", container.Namespace), .. ProcessDetails.Of(process, [])],
            });
            _recorded.Add((process.Pid, process.Started));
            Log.Unlisted(log, container.Id, container.Namespace, process.Pid);
        }
    }

    private async Task RecordAsync(List<Container> found, CancellationToken stop)
    {
        var pods = (await runtime.SandboxesAsync(Service, stop)).ToDictionary(static s => s.Id, static s => s.Metadata, StringComparer.Ordinal);
        var names = new List<string>();
        foreach (var container in found)
        {
            var pod = pods.GetValueOrDefault(container.PodSandboxId) is { } metadata ? new PodIdentity(metadata.Namespace, metadata.Name, metadata.Uid) : null;
            await events.AppendAsync(new EventRecord
            {
                Kind = EventKinds.ContainerUnaccounted,
                Time = time.GetUtcNow(),
                Node = node,
                Pod = pod,
                SandboxId = container.PodSandboxId,
                ContainerName = container.Metadata?.Name ?? "",
                ContainerId = container.Id,
                Details = [new("created", Created(container.CreatedAt)), new("image", container.Image?.Image ?? ""), new("running", container.State == ContainerState.ContainerRunning ? "true" : "false")],
            });
            stepUps.See(pod, Control.Unaccounted);
            names.Add($"{pod}/{container.Metadata?.Name}");
        }

        Log.Unaccounted(log, found.Count, string.Join(", ", names.Take(MaxNames)) + (names.Count > MaxNames ? ", …" : ""));
    }

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static string Created(long nanoseconds) =>
        Time(nanoseconds).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
