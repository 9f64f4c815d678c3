using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>
/// Which containers were created through the gate (T-C8). No runtime tells it, so the log is asked, which is evidence of it and not state: the ids that
/// are kept here only spare the reading, and may be forgotten.
/// </summary>
internal sealed class AccountedContainers(string eventDirectory)
{
    /// <summary>Beyond, the oldest id is forgotten and found in the log again.</summary>
    public const int MostKept = 4096;

    private readonly Lock _lock = new();
    private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();
    private readonly HashSet<Creation> _underWay = [];

    /// <summary>Before a call goes on that creates containers: its client may start them before we have seen the reply's end.</summary>
    /// <param name="sandboxId">The sandbox's whole id; empty where the call makes it too.</param>
    public Creation Begin(string sandboxId)
    {
        var creation = new Creation(this, sandboxId);
        lock (_lock)
            _underWay.Add(creation);
        return creation;
    }

    /// <summary>False where the log does not have the container's creation; null where it cannot be read.</summary>
    public async Task<bool?> HasAsync(string id, string sandboxId, CancellationToken cancelled)
    {
        if (IsKept(id))
            return true;
        await Task.WhenAll(UnderWay(sandboxId)).WaitAsync(cancelled);
        return IsKept(id) ? true : await Task.Run(() => IsLogged(id), cancelled);
    }

    /// <summary>Those whose creation the log does not have, and whose absence is not on record either; null where it cannot be read.</summary>
    public async Task<IReadOnlySet<string>?> MissingAsync(IReadOnlyCollection<(string Id, string SandboxId)> containers, CancellationToken cancelled)
    {
        await Task.WhenAll(containers.SelectMany(c => UnderWay(c.SandboxId)).Distinct()).WaitAsync(cancelled);
        var missing = containers.Select(static c => c.Id).Where(id => !IsKept(id)).ToHashSet(StringComparer.Ordinal);
        return await Task.Run(() => Unlogged(missing), cancelled);
    }

    /// <summary>Time of the first event that is left of a log whose front retention has removed; null where the log is whole.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public DateTimeOffset? TrimmedUntil() => EventSearch.First(eventDirectory) is { Link.Sequence: > 1 } first ? first.Time : null;

    // One way through the log for all of them: at the start of the daemon that may be every container of the node.
    private HashSet<string>? Unlogged(HashSet<string> missing)
    {
        try
        {
            foreach (var text in (string[])[.. RecordedCreation.Creating, $"\"{EventKinds.ContainerUnaccounted}\""])
            {
                foreach (var entry in missing.Count == 0 ? [] : EventSearch.Find(eventDirectory, text))
                {
                    missing.ExceptWith(RecordedCreation.Settles(entry));
                    if (missing.Count == 0)
                        break;
                }
            }

            return missing;
        }
        catch (EventLogException)
        {
            return null;
        }
    }

    private bool? IsLogged(string id)
    {
        try
        {
            return EventSearch.Find(eventDirectory, id).Any(entry => RecordedCreation.IsCreation(entry, id));
        }
        catch (EventLogException)
        {
            return null;
        }
    }

    private bool IsKept(string id)
    {
        lock (_lock)
            return _ids.Contains(id);
    }

    private List<Task> UnderWay(string sandboxId)
    {
        lock (_lock)
            return [.. _underWay.Where(c => c.SandboxId.Length == 0 || c.SandboxId == sandboxId).Select(static c => c.Done)];
    }

    private void End(Creation creation, IReadOnlyCollection<string> made)
    {
        lock (_lock)
        {
            _underWay.Remove(creation);
            foreach (var id in made.Where(_ids.Add))
                _order.Enqueue(id);
            while (_order.Count > MostKept)
                _ids.Remove(_order.Dequeue());
        }
    }

    /// <summary>A call that creates containers, from before it goes on until its answer was read.</summary>
    internal sealed class Creation(AccountedContainers containers, string sandboxId) : IDisposable
    {
        private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string SandboxId => sandboxId;

        public Task Done => _done.Task;

        /// <summary>Ids of what the runtime made; none where it refused.</summary>
        public IReadOnlyCollection<string> Made { get; set; } = [];

        public void Dispose()
        {
            containers.End(this, Made);
            _done.TrySetResult();
        }
    }
}
