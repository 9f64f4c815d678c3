namespace CriGuard.Store.Events;

/// <summary>How an event log is kept.</summary>
public sealed record EventLogOptions
{
    /// <summary>Name of the node, for the events that the log writes of itself.</summary>
    public required string Node { get; init; }

    /// <summary>Bytes after which a segment is closed and the next one begun; the group that crosses it is still whole.</summary>
    public long SegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Events after which the head file is synced too; in between it is written without.</summary>
    public int HeadSyncEvents { get; init; } = 1024;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
