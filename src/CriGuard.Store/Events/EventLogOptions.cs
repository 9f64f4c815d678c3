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

    /// <summary>Bytes that all segments may have together before the oldest are removed; zero for no bound. The one that is appended to always stays.</summary>
    public long KeepBytes { get; init; }

    /// <summary>Age beyond which events are removed, a segment at a time; zero for no bound.</summary>
    public TimeSpan KeepFor { get; init; }

    /// <summary>Age of its first event after which a segment is closed, however small: a quiet log must have something to remove.</summary>
    public TimeSpan SegmentAge => KeepFor > TimeSpan.Zero ? KeepFor / 8 : TimeSpan.MaxValue;

    /// <summary>Signs checkpoints; null for a log without them. Stays its owner's.</summary>
    public SigningKey? Key { get; init; }

    /// <summary>Events after which a checkpoint is made.</summary>
    public int CheckpointEvents { get; init; } = 1000;

    /// <summary>Time after which one is made where there is anything to sign.</summary>
    public TimeSpan CheckpointPeriod { get; init; } = TimeSpan.FromMinutes(1);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
