using System.Collections.Immutable;

namespace CriGuard.Core.Events;

/// <summary>What the events of a log about itself say, gathered from the lines that are in order.</summary>
public sealed class LogTestimony
{
    private readonly ImmutableArray<EventEntry>.Builder _gaps = ImmutableArray.CreateBuilder<EventEntry>();

    /// <summary>In every line about the log, and in no other: a value has its quotes escaped.</summary>
    private static ReadOnlySpan<byte> Mark => "\"kind\":\"log."u8;

    /// <summary>What was recorded as lost, cut off or not seen: `log.gap`, in order.</summary>
    public ImmutableArray<EventEntry> Gaps => _gaps.ToImmutable();

    /// <summary>What retention took away last; null where it took nothing.</summary>
    public RemovedEvents? Removed { get; private set; }

    /// <summary>Takes a line that is in order.</summary>
    public void Add(ReadOnlyMemory<byte> line)
    {
        if (line.Span.IndexOf(Mark) < 0 || !EventLineReader.TryParse(line, out var entry))
            return;
        if (entry.Kind == EventKinds.LogGap)
            _gaps.Add(entry);
        else if (RemovedEvents.TryRead(entry, out var removed))
            Removed = removed;
    }
}
