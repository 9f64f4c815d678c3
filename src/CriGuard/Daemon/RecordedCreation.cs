using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>Finds in the event log the creation of a container, and what was decided of it.</summary>
internal static class RecordedCreation
{
    /// <summary>Null where the log has no creation of it.</summary>
    /// <exception cref="EventLogException">The log cannot be read.</exception>
    public static EventEntry? Decision(string eventDirectory, string containerId)
    {
        if (EventSearch.Find(eventDirectory, containerId).FirstOrDefault(entry => IsCreation(entry, containerId)) is not { } created)
            return null;
        // The decision came before there was an id: the call joins them.
        return EventSearch.Find(eventDirectory, created.CallId).FirstOrDefault(entry => entry.Kind == EventKinds.CallDecided && entry.CallId == created.CallId) ?? created;
    }

    /// <summary>Whether the event says that the runtime made this container for a call that was let through.</summary>
    public static bool IsCreation(EventEntry entry, string containerId) => Created(entry).Contains(containerId);

    /// <summary>Ids of containers that need not be recorded as not judged any more: they were, or they are on record as such.</summary>
    public static IEnumerable<string> Settles(EventEntry entry) => entry.Kind == EventKinds.ContainerUnaccounted ? [entry.ContainerId] : Created(entry);

    private static IEnumerable<string> Created(EventEntry entry) => entry switch
    {
        not { Kind: EventKinds.CallAnswered, Answer.Code: 0 } => [],
        _ when entry.Method.EndsWith("/CreateContainer", StringComparison.Ordinal) => [entry.ContainerId],
        _ when entry.Method.EndsWith("/RestorePod", StringComparison.Ordinal) => entry.Details.Select(static d => d.Value),
        _ => [],
    };
}
