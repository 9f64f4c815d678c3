using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>Finds in the event log the creation of a container, and what was decided of it.</summary>
internal static class RecordedCreation
{
    /// <summary>What stands in the lines of calls that create containers.</summary>
    public static ImmutableArray<string> Creating { get; } = ["/CreateContainer\"", "/RestorePod\""];

    /// <summary>By container; what the log has no creation of is not in it. One way through the log finds the creations, a second their decisions.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static IReadOnlyDictionary<string, EventEntry> Decisions(string eventDirectory, IReadOnlySet<string> containerIds)
    {
        var created = new Dictionary<string, EventEntry>(StringComparer.Ordinal);
        foreach (var entry in All(eventDirectory, () => created.Count == containerIds.Count))
        {
            foreach (string id in Created(entry).Where(containerIds.Contains))
                created.TryAdd(id, entry);
        }

        // The decision came before there was an id: the call joins them.
        var decided = created.Values.Select(static entry => entry.CallId).Distinct(StringComparer.Ordinal).ToDictionary(static call => call, static _ => default(EventEntry), StringComparer.Ordinal);
        int open = decided.Count;
        foreach (var entry in All(eventDirectory, () => open == 0))
        {
            if (entry.Kind == EventKinds.CallDecided && decided.TryGetValue(entry.CallId, out var known) && known is null)
                (decided[entry.CallId], open) = (entry, open - 1);
        }

        return created.ToDictionary(static c => c.Key, c => decided[c.Value.CallId] ?? c.Value, StringComparer.Ordinal);
    }

    /// <summary>Whether the event says that the runtime made this container for a call that was let through.</summary>
    public static bool IsCreation(EventEntry entry, string containerId) => Created(entry).Contains(containerId);

    /// <summary>Ids of containers that need not be recorded as not judged any more: they were, or they are on record as such.</summary>
    public static IEnumerable<string> Settles(EventEntry entry) => entry.Kind == EventKinds.ContainerUnaccounted ? [entry.ContainerId] : Created(entry);

    /// <summary>Events of the calls that create containers, until enough were seen.</summary>
    private static IEnumerable<EventEntry> All(string eventDirectory, Func<bool> enough) =>
        Creating.SelectMany(text => EventSearch.Find(eventDirectory, text)).TakeWhile(_ => !enough());

    private static IEnumerable<string> Created(EventEntry entry) => entry switch
    {
        not { Kind: EventKinds.CallAnswered, Answer.Code: 0 } => [],
        _ when entry.Method.EndsWith("/CreateContainer", StringComparison.Ordinal) => [entry.ContainerId],
        _ when entry.Method.EndsWith("/RestorePod", StringComparison.Ordinal) => entry.Details.Select(static d => d.Value),
        _ => [],
    };
}
