using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon.Judging;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon.Lives;

/// <summary>
/// Records what happens to containers and sandboxes without a call: exits, and what another client of the runtime stops and removes. The runtime is asked
/// for its lists every few seconds. Its stream of events (`GetContainerEvents`) is not: containerd 1.7 gives each of them to one subscriber alone, which
/// must be the kubelet, and no runtime gives those again that nobody heard.
/// </summary>
internal sealed class LifeWatch(RuntimeQuestions runtime, EventLog events, string eventDirectory, string node, string version, TimeProvider time, ILogger log)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    private readonly KnownLives _known = new();
    private readonly DateTimeOffset _since = time.GetUtcNow();
    private readonly Lock _gate = new();
    private Task? _reading;
    private DateTimeOffset _recordBegins;
    private bool _looked;

    /// <summary>True for calls that stop or remove a container or a sandbox.</summary>
    public static bool Ends(string path) => Method(path) is "StopContainer" or "RemoveContainer" or "StopPodSandbox" or "RemovePodSandbox";

    /// <param name="period">From look to look.</param>
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

        await Rounds.RunAsync(period, time, () => LookAsync(stop), stop);
    }

    /// <summary>After a call was answered that makes something.</summary>
    /// <param name="path">Of the call.</param>
    /// <param name="subject">What it is about, with the ids that were learnt.</param>
    /// <param name="made">Ids of the containers that it made.</param>
    public void Made(string path, CallSubject subject, IReadOnlyCollection<string> made)
    {
        string method = Method(path);
        if (method is "RunPodSandbox" or "RestorePod" && subject.SandboxId.Length > 0)
            _known.MadeSandbox(subject with { Details = [] });
        if (method is not ("CreateContainer" or "RestorePod"))
            return;
        foreach (string id in made)
            _known.MadeContainer(subject with { ContainerId = id, Details = [] });
    }

    /// <summary>
    /// Before a call goes on that ends something: what it removes cannot be asked any more afterwards, so an exit that is not on record is recorded now.
    /// Never fails the call.
    /// </summary>
    public async Task<KnownLives.Ending> BeforeEndAsync(string path, CallSubject subject, CancellationToken cancelled)
    {
        string method = Method(path);
        var ending = _known.BeginEnding(method, subject);
        try
        {
            if (method == "RemoveContainer")
                await RecordExitAsync(path, subject, cancelled);
            if (method == "RemovePodSandbox")
            {
                foreach (var container in await runtime.ContainersAsync(path, subject.SandboxId, cancelled))
                    await RecordExitAsync(path, Subject(container, subject.Pod), cancelled);
            }
        }
        catch (Exception e) when (e is CannotJudgeException or OperationCanceledException)
        {
            // The runtime's own answer to the call says so.
        }
        catch (EventLogException e)
        {
            Log.LifeWatchFailed(log, e);
        }

        return ending;
    }

    /// <summary>One look; what cannot be told now is told by a later one.</summary>
    public async Task LookAsync(CancellationToken stop)
    {
        try
        {
            await ReadAsync().WaitAsync(stop);
            var before = _known.Look();
            var containers = await runtime.ContainersAsync(Service, sandboxId: "", stop);
            var sandboxes = await runtime.SandboxesAsync(Service, stop);
            var pods = sandboxes.ToDictionary(static s => s.Id, Subject, StringComparer.Ordinal);
            var lives = containers.ToDictionary(static c => c.Id, c => Subject(c, pods.GetValueOrDefault(c.PodSandboxId)?.Pod), StringComparer.Ordinal);
            foreach (var container in containers.Where(static c => c.State == ContainerState.ContainerExited))
                await RecordExitAsync(Service, lives[container.Id], stop);
            foreach (var gone in _known.GoneContainers(before, lives.Keys.ToHashSet(StringComparer.Ordinal)))
            {
                await RecordAsync(EventKinds.ContainerRemoved, gone, Away());
                _known.RecordedGone(gone.ContainerId);
            }

            foreach (var sandbox in sandboxes.Where(s => s.State == PodSandboxState.SandboxNotready && _known.IsStoppedUnasked(s.Id)))
            {
                await RecordAsync(EventKinds.SandboxStopped, pods[sandbox.Id], Away());
                _known.RecordedStopped(sandbox.Id);
            }

            foreach (var gone in _known.GoneSandboxes(before, pods.Keys.ToHashSet(StringComparer.Ordinal)))
            {
                await RecordAsync(EventKinds.SandboxRemoved, gone, Away());
                _known.RecordedGone(gone.SandboxId);
            }

            _known.Seen(before, lives, pods);
            _looked = true;
        }
        catch (CannotJudgeException e)
        {
            Log.LivesNotSeen(log, e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A watch that ends without a word would leave all that follows unseen.
            Log.LifeWatchFailed(log, e);
        }
    }

    /// <summary>What the log has, read once: an exit that it has is not told again.</summary>
    private Task ReadAsync()
    {
        lock (_gate)
        {
            if (_reading is null or { IsFaulted: true })
                _reading = Task.Run(Begin);
            return _reading;
        }
    }

    private void Begin()
    {
        var recorded = RecordedLives.Read(eventDirectory, _since);
        _recordBegins = recorded.Begins;
        _known.Begin(recorded);
        if (recorded.Version.Length > 0 && recorded.Version != version)
            events.Append(new EventRecord { Kind = EventKinds.DaemonUpgraded, Time = time.GetUtcNow(), Node = node, Details = [new("before", recorded.Version), new("version", version)] });
    }

    private async Task RecordExitAsync(string path, CallSubject container, CancellationToken cancelled)
    {
        if (!ReadAsync().IsCompletedSuccessfully)
        {
            if (await StateAsync(path, container.ContainerId, cancelled) is { State: ContainerState.ContainerExited } now)
                _ = RecordLaterAsync(container, now);
            return;
        }

        if (!_known.ClaimExit(container.ContainerId))
            return;
        bool recorded = false;
        try
        {
            if (await StateAsync(path, container.ContainerId, cancelled) is not { State: ContainerState.ContainerExited } status)
                return;
            await RecordExitAsync(container, status);
            recorded = true;
        }
        finally
        {
            if (!recorded)
                _known.UnclaimExit(container.ContainerId);
        }
    }

    private async Task RecordExitAsync(CallSubject container, ContainerStatus status)
    {
        // What ended before the log begins was told in what retention took away, or there was no gate yet.
        if (status.FinishedAt == 0 || ExitDetails.At(status.FinishedAt) >= _recordBegins)
            await RecordAsync(EventKinds.ContainerExited, container with { ContainerId = status.Id }, ExitDetails.Of(status, _since));
    }

    /// <summary>While the log is still being read, what it has cannot be told: the call goes on meanwhile, with what the runtime says now kept for then.</summary>
    private async Task RecordLaterAsync(CallSubject container, ContainerStatus status)
    {
        try
        {
            await ReadAsync();
            if (_known.ClaimExit(container.ContainerId))
                await RecordExitAsync(container, status);
        }
        catch (EventLogException e)
        {
            Log.LifeWatchFailed(log, e);
        }
    }

    private async Task<ContainerStatus?> StateAsync(string path, string containerId, CancellationToken cancelled)
    {
        try
        {
            return await runtime.StateAsync(path, containerId, cancelled);
        }
        catch (CannotJudgeException)
        {
            // Gone meanwhile; or asked again by the next look.
            return null;
        }
    }

    private ValueTask RecordAsync(string kind, CallSubject subject, ImmutableArray<KeyValuePair<string, string>> details) => events.AppendAsync(new EventRecord
    {
        Kind = kind,
        Time = time.GetUtcNow(),
        Node = node,
        Pod = subject.Pod,
        SandboxId = subject.SandboxId,
        ContainerName = subject.ContainerName,
        ContainerId = subject.ContainerId,
        Details = details,
    });

    // The first look finds what happened since the last daemon's last.
    private ImmutableArray<KeyValuePair<string, string>> Away() => _looked ? [] : [new("while", "away")];

    private static string Method(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static CallSubject Subject(Container container, PodIdentity? pod) => new()
    {
        Pod = pod, SandboxId = container.PodSandboxId, ContainerName = container.Metadata?.Name ?? "", ContainerId = container.Id,
    };

    private static CallSubject Subject(PodSandbox sandbox) => new()
    {
        Pod = sandbox.Metadata is { } pod ? new PodIdentity(pod.Namespace, pod.Name, pod.Uid) : null, SandboxId = sandbox.Id,
    };
}
