using CriGuard.Daemon.Judging;

namespace CriGuard.Daemon.Lives;

/// <summary>
/// Containers and sandboxes as the last look at the runtime had them, and the calls through here that make and end them: what goes without such a call is told.
/// All of it can be read again, from the runtime and from the log.
/// </summary>
internal sealed class KnownLives
{
    private readonly Lock _gate = new();
    private readonly List<Ending> _endings = [];
    private readonly HashSet<string> _exits = new(StringComparer.Ordinal);
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);
    private Dictionary<string, CallSubject> _containers = new(StringComparer.Ordinal);
    private Dictionary<string, CallSubject> _sandboxes = new(StringComparer.Ordinal);

    /// <summary>Begins with what the log has.</summary>
    public void Begin(RecordedLives recorded)
    {
        lock (_gate)
        {
            (_containers, _sandboxes) = (With(recorded.Containers, _containers), With(recorded.Sandboxes, _sandboxes));
            _exits.UnionWith(recorded.Exited);
            _stopped.UnionWith(recorded.Stopped);
        }
    }

    /// <summary>A call through here has made it: it may be gone before the next look.</summary>
    public void MadeContainer(CallSubject container)
    {
        lock (_gate)
            _containers[container.ContainerId] = container;
    }

    /// <inheritdoc cref="MadeContainer"/>
    public void MadeSandbox(CallSubject sandbox)
    {
        lock (_gate)
            _sandboxes[sandbox.SandboxId] = sandbox;
    }

    /// <summary>Before a call goes on that stops or removes; disposed when its answer was read.</summary>
    public Ending BeginEnding(string method, CallSubject subject)
    {
        var ending = new Ending(this, method, method.EndsWith("Container", StringComparison.Ordinal) ? subject.ContainerId : subject.SandboxId);
        lock (_gate)
            _endings.Add(ending);
        return ending;
    }

    /// <summary>True for the one that is to record this container's exit.</summary>
    public bool ClaimExit(string containerId)
    {
        lock (_gate)
            return _exits.Add(containerId);
    }

    /// <summary>It could not be recorded: the next one that finds it may.</summary>
    public void UnclaimExit(string containerId)
    {
        lock (_gate)
            _exits.Remove(containerId);
    }

    /// <summary>What is known before the runtime is asked.</summary>
    public Glance Look()
    {
        lock (_gate)
            return new Glance(new(_containers), new(_sandboxes), [.. _endings.Where(static e => e.IsOver)], [.. _exits]);
    }

    /// <summary>Of those that were known and are gone, the ones that no call through here removed or is about to.</summary>
    public IReadOnlyList<CallSubject> GoneContainers(Glance before, IReadOnlySet<string> listed)
    {
        lock (_gate)
            return [.. before.Containers.Where(c => !listed.Contains(c.Key) && !IsRemoved(c.Key, c.Value.SandboxId)).Select(static c => c.Value)];
    }

    /// <inheritdoc cref="GoneContainers"/>
    public IReadOnlyList<CallSubject> GoneSandboxes(Glance before, IReadOnlySet<string> listed)
    {
        lock (_gate)
            return [.. before.Sandboxes.Where(s => !listed.Contains(s.Key) && !IsEnded("RemovePodSandbox", s.Key)).Select(static s => s.Value)];
    }

    /// <summary>True where a sandbox that is not ready has been ended by no call through here, and that is not on record.</summary>
    public bool IsStoppedUnasked(string sandboxId)
    {
        lock (_gate)
            return !_stopped.Contains(sandboxId) && !IsEnded("StopPodSandbox", sandboxId) && !IsEnded("RemovePodSandbox", sandboxId);
    }

    public void RecordedStopped(string sandboxId)
    {
        lock (_gate)
            _stopped.Add(sandboxId);
    }

    /// <summary>Told, whatever becomes of the rest of the look.</summary>
    public void RecordedGone(string id)
    {
        lock (_gate)
        {
            _containers.Remove(id);
            _sandboxes.Remove(id);
        }
    }

    /// <summary>Takes what the runtime has now in the place of what was known; what only the look needed is forgotten.</summary>
    public void Seen(Glance before, Dictionary<string, CallSubject> containers, Dictionary<string, CallSubject> sandboxes)
    {
        lock (_gate)
        {
            foreach (var ending in before.Over)
            {
                _endings.Remove(ending);
                if (ending is { Succeeded: true, Method: "StopPodSandbox" })
                    _stopped.UnionWith(sandboxes.Keys.Where(ending.IsOf));
            }

            // What was made since the look began need not be in what the runtime said.
            _containers = With(containers, _containers.Where(c => !before.Containers.ContainsKey(c.Key)));
            _sandboxes = With(sandboxes, _sandboxes.Where(s => !before.Sandboxes.ContainsKey(s.Key)));
            _exits.ExceptWith(before.Exits.Where(id => !containers.ContainsKey(id)));
            _stopped.IntersectWith(sandboxes.Keys);
        }
    }

    private static Dictionary<string, CallSubject> With(Dictionary<string, CallSubject> lives, IEnumerable<KeyValuePair<string, CallSubject>> further)
    {
        foreach (var (id, life) in further)
            lives.TryAdd(id, life);
        return lives;
    }

    private bool IsRemoved(string containerId, string sandboxId) => IsEnded("RemoveContainer", containerId) || IsEnded("RemovePodSandbox", sandboxId);

    // One that is under way may have done it already.
    private bool IsEnded(string method, string id) => _endings.Exists(e => e.Method == method && e.IsOf(id) && (e.Succeeded || !e.IsOver));

    private void End(Ending ending)
    {
        lock (_gate)
            ending.IsOver = true;
    }

    /// <summary>What was known at one moment.</summary>
    /// <param name="Containers">By id.</param>
    /// <param name="Sandboxes">By id.</param>
    /// <param name="Over">Calls that had ended by then: what they removed is not in what the runtime says afterwards.</param>
    /// <param name="Exits">Exits that were on record.</param>
    internal sealed record Glance(
        Dictionary<string, CallSubject> Containers, Dictionary<string, CallSubject> Sandboxes, IReadOnlyList<Ending> Over, IReadOnlyList<string> Exits);

    /// <summary>A call that stops or removes, from before it goes on until its answer was read.</summary>
    internal sealed class Ending(KnownLives lives, string method, string id) : IDisposable
    {
        public string Method => method;

        public bool Succeeded { get; set; }

        public bool IsOver { get; set; }

        /// <summary>The CRI takes the beginning of an id too.</summary>
        public bool IsOf(string wholeId) => id.Length > 0 && wholeId.StartsWith(id, StringComparison.Ordinal);

        public void Dispose() => lives.End(this);
    }
}
