using System.Collections.Immutable;

namespace CriGuard.Core.Events;

/// <summary>What the events of a log about itself say, gathered from the lines that are in order.</summary>
/// <param name="keys">That checkpoints must be made with; none where signatures are not asked for.</param>
public sealed class LogTestimony(IReadOnlyCollection<CheckpointKey> keys)
{
    private readonly ImmutableArray<EventEntry>.Builder _gaps = ImmutableArray.CreateBuilder<EventEntry>();

    /// <summary>In every line about the log, and in no other: a value has its quotes escaped.</summary>
    private static ReadOnlySpan<byte> Mark => "\"kind\":\"log."u8;

    /// <summary>What was recorded as lost, cut off or not seen: `log.gap`, in order.</summary>
    public ImmutableArray<EventEntry> Gaps => _gaps.ToImmutable();

    /// <summary>What retention took away last; null where it took nothing.</summary>
    public RemovedEvents? Removed { get; private set; }

    /// <summary>The last checkpoint that one of the keys made, or that there is where none was given.</summary>
    public Checkpoint? Checkpoint { get; private set; }

    /// <summary>The first checkpoint that none of the keys made; null where there is none.</summary>
    public ChainFault? Fault { get; private set; }

    /// <summary>Takes a line that is in order.</summary>
    public void Add(ReadOnlyMemory<byte> line, LinePlace place)
    {
        if (line.Span.IndexOf(Mark) < 0 || !EventLineReader.TryParse(line, out var entry))
            return;
        if (entry.Kind == EventKinds.LogGap)
            _gaps.Add(entry);
        else if (entry.Kind == EventKinds.LogCheckpoint)
            Check(entry, place);
        else if (RemovedEvents.TryRead(entry, out var removed))
            Removed = removed;
    }

    private void Check(EventEntry entry, LinePlace place)
    {
        if (!Events.Checkpoint.TryRead(entry, out var checkpoint))
            Object(entry, place, "is no checkpoint of the lines in front of it");
        else if (keys.Count == 0 || keys.Any(key => key.Verifies(checkpoint)))
            Checkpoint = checkpoint;
        else if (keys.Any(key => key.Fingerprint == checkpoint.Key))
            Object(entry, place, "has a signature that its key did not make");
        else
            Object(entry, place, $"is signed with key {checkpoint.Key}, which was not given");
    }

    private void Object(EventEntry entry, LinePlace place, string what) =>
        Fault ??= keys.Count == 0 ? null : new ChainFault(ChainFaultKind.Changed, place, $"sequence {entry.Link.Sequence} {what}");
}
