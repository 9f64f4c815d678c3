using CriGuard.Core.Events;
using CriGuard.Daemon.Judging;
using CriGuard.Store.Events;

namespace CriGuard.Daemon.Lives;

/// <summary>Which containers and sandboxes the event log has seen come and not go, so that what happened while no daemon ran is told once.</summary>
internal sealed class RecordedLives
{
    private static readonly string[] Texts =
    [
        "/RunPodSandbox\"", "/StopPodSandbox\"", "/RemovePodSandbox\"", "/CreateContainer\"", "/RestorePod\"", "/RemoveContainer\"",
        $"\"{EventKinds.ContainerUnaccounted}\"", $"\"{EventKinds.ContainerExited}\"", $"\"{EventKinds.ContainerRemoved}\"",
        $"\"{EventKinds.SandboxStopped}\"", $"\"{EventKinds.SandboxRemoved}\"", $"\"{EventKinds.DaemonStarted}\"",
    ];

    /// <summary>Removed, and not seen to come yet: segments are read from the last one on.</summary>
    private readonly HashSet<string> _gone = new(StringComparer.Ordinal);

    private readonly HashSet<string> _removedSandboxes = new(StringComparer.Ordinal);
    private DateTimeOffset _versionOf;

    /// <summary>Containers that are not removed, by id.</summary>
    public Dictionary<string, CallSubject> Containers { get; } = new(StringComparer.Ordinal);

    /// <summary>Sandboxes that are not removed, by id.</summary>
    public Dictionary<string, CallSubject> Sandboxes { get; } = new(StringComparer.Ordinal);

    /// <summary>Sandboxes whose end is on record.</summary>
    public HashSet<string> Stopped { get; } = new(StringComparer.Ordinal);

    /// <summary>Containers whose exit is on record.</summary>
    public HashSet<string> Exited { get; } = new(StringComparer.Ordinal);

    /// <summary>Time of the first event that is left; what ended before it was told in what is not, or before there was a log.</summary>
    public DateTimeOffset Begins { get; private set; } = DateTimeOffset.MaxValue;

    /// <summary>Of the daemon before this one; empty where the log does not say.</summary>
    public string Version { get; private set; } = "";

    /// <param name="eventDirectory">The log.</param>
    /// <param name="before">When this daemon started.</param>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static RecordedLives Read(string eventDirectory, DateTimeOffset before)
    {
        var lives = new RecordedLives();
        using (var reader = new EventReader(eventDirectory, EventFilter.All))
        {
            if (reader.Read().FirstOrDefault() is { } first)
                lives.Begins = first.Entry.Time;
        }

        foreach (var entry in EventSearch.Find(eventDirectory, Texts))
            lives.Add(entry, before);
        // The runtime removes the containers of a sandbox with it.
        foreach (string id in lives.Containers.Where(c => lives._removedSandboxes.Contains(c.Value.SandboxId)).Select(static c => c.Key).ToList())
            lives.Containers.Remove(id);
        return lives;
    }

    // In any order: the latest segment comes first, and each thing happens once to an id.
    private void Add(EventEntry entry, DateTimeOffset before)
    {
        var (container, sandbox) = (entry.ContainerId, entry.SandboxId);
        switch (entry.Kind)
        {
            case EventKinds.CallAnswered when entry.Answer?.Code == 0:
                Answered(entry);
                break;
            case EventKinds.ContainerUnaccounted:
                Come(Containers, container, entry);
                break;
            case EventKinds.ContainerExited:
                Exited.Add(container);
                break;
            case EventKinds.ContainerRemoved:
                Go(Containers, container);
                break;
            case EventKinds.SandboxStopped:
                Stopped.Add(sandbox);
                break;
            case EventKinds.SandboxRemoved:
                Go(Sandboxes, sandbox);
                break;
            case EventKinds.DaemonStarted when entry.Time < before && entry.Time >= _versionOf:
                (_versionOf, Version) = (entry.Time, entry.Details.FirstOrDefault(static d => d.Key == "version").Value ?? "");
                break;
            default:
                break;
        }
    }

    private void Answered(EventEntry entry)
    {
        switch (entry.Method[(entry.Method.LastIndexOf('/') + 1)..])
        {
            case "RunPodSandbox":
                Come(Sandboxes, entry.SandboxId, entry);
                break;
            case "CreateContainer":
                Come(Containers, entry.ContainerId, entry);
                break;
            case "RestorePod":
                Come(Sandboxes, entry.SandboxId, entry);
                foreach (var (name, id) in entry.Details)
                    Come(Containers, id, entry with { ContainerId = id, ContainerName = name["container.".Length..] });
                break;
            case "StopPodSandbox":
                Stopped.Add(entry.SandboxId);
                break;
            case "RemoveContainer":
                Go(Containers, entry.ContainerId);
                break;
            case "RemovePodSandbox":
                Go(Sandboxes, entry.SandboxId);
                _removedSandboxes.Add(entry.SandboxId);
                break;
            default:
                break;
        }
    }

    private void Come(Dictionary<string, CallSubject> lives, string id, EventEntry entry)
    {
        if (id.Length > 0 && !_gone.Remove(id))
            lives[id] = new CallSubject { Pod = entry.Pod, SandboxId = entry.SandboxId, ContainerId = entry.ContainerId, ContainerName = entry.ContainerName };
    }

    private void Go(Dictionary<string, CallSubject> lives, string id)
    {
        if (!lives.Remove(id))
            _gone.Add(id);
    }
}
