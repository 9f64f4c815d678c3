using System.Globalization;
using CriGuard.Core.Events;

namespace CriGuard.Daemon;

/// <summary>The time in which no daemon ran, which the next one records.</summary>
internal static class DaemonGap
{
    /// <param name="before">The last event of the log; null where it has none.</param>
    /// <param name="now">Start of this daemon.</param>
    /// <param name="node">Name of the node.</param>
    /// <returns>Null where there was no daemon before.</returns>
    public static EventRecord? Of(EventEntry? before, DateTimeOffset now, string node) => before is null ? null : new EventRecord
    {
        Kind = EventKinds.LogGap,
        Time = now,
        Node = node,
        Details =
        [
            new("cause", IsEnd(before) ? "no daemon ran: it was stopped" : "no daemon ran: it was killed, or could not write that it stopped"),
            new("from", Text(before.Time)),
            new("to", Text(now)),
        ],
    };

    // The checkpoint that closes a log stands behind everything else.
    private static bool IsEnd(EventEntry last) =>
        last.Kind == EventKinds.DaemonStopped || (last.Kind == EventKinds.LogCheckpoint && last.Details.Any(static d => d.Key == "closed"));

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);
}
