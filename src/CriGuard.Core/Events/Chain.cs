namespace CriGuard.Core.Events;

/// <summary>Proves that lines, given one after the other from the first on, are those that were written, and names the first that is not.</summary>
/// <param name="head">Position that the head file vouches for: the log reaches it, whatever was cut off its end.</param>
/// <param name="start">Position in front of the first line that is left; the default is the beginning of a log.</param>
public sealed class Chain(ChainPosition head, ChainPosition start = default)
{
    // Which of two lines changed shows from the one behind them, and whether a line moved or is gone from those that follow.
    private ChainSuspicion? _suspicion;
    private LinePlace _last = new("", 0);

    /// <summary>Position behind the last line that is in order.</summary>
    public ChainPosition Position { get; private set; } = start;

    /// <summary>The first fault; null means that there is none only once <see cref="Finish"/> was called.</summary>
    public ChainFault? Fault { get; private set; }

    /// <summary>Takes the next line, without its newline.</summary>
    public void Add(ReadOnlySpan<byte> line, LinePlace place)
    {
        if (Fault is not null)
            return;
        if (!LineLinkReader.TryRead(line, out var link))
            Fault = _suspicion?.Unsettled ?? Changed(place, Position.Sequence + 1, "this is no line of an event log");
        else if (_suspicion is not null)
            Fault = _suspicion.Settle(link);
        else if (Position.Precedes(link))
            Accept(new ChainPosition(link.Sequence, LineHash.Of(line)), place);
        else
            Object(link, LineHash.Of(line), place);
    }

    /// <summary>Says that there are no more lines.</summary>
    /// <param name="end">Where the next line would stand.</param>
    public void Finish(LinePlace end)
    {
        if (Fault is not null)
            return;
        if (_suspicion is not null)
            Fault = _suspicion.Settle(head);
        else if (Position.Sequence < head.Sequence)
            Fault = new ChainFault(ChainFaultKind.Truncated, end, $"{Range(Position.Sequence + 1, head.Sequence)} cut off the end: the head file has them");
    }

    private void Accept(ChainPosition next, LinePlace place)
    {
        if (next.Sequence == head.Sequence && next.Hash != head.Hash)
        {
            Fault = Changed(place, next.Sequence, "its hash is not the one in the head file");
            return;
        }

        Position = next;
        _last = place;
    }

    private void Object(LineLink link, LineHash hash, LinePlace place)
    {
        var expected = Position.Sequence + 1;
        if (link.Sequence == expected)
        {
            var second = Changed(place, expected, expected == 1 ? "it does not begin a log" : $"it does not carry the hash of sequence {expected - 1}, which may be changed too");
            if (expected == 1)
                Fault = second;
            else
                _suspicion = new ChainSuspicion.Either(Changed(_last, expected - 1, $"its hash is not the one in sequence {expected}"), second, new ChainPosition(expected, hash));
        }
        else if (link.Previous == Position.Hash)
        {
            Fault = Changed(place, expected, $"it says that it is sequence {link.Sequence}");
        }
        else
        {
            var moved = new ChainFault(ChainFaultKind.Reordered, place, $"sequence {link.Sequence} stands in the place of sequence {expected}");
            if (link.Sequence < expected)
                Fault = moved;
            else
                _suspicion = new ChainSuspicion.Absent(expected, link.Sequence, moved, new ChainFault(ChainFaultKind.Missing, place, $"{Range(expected, link.Sequence - 1)} taken out before this line"));
        }
    }

    private static ChainFault Changed(LinePlace place, long sequence, string cause) => new(ChainFaultKind.Changed, place, $"sequence {sequence} was changed: {cause}");

    private static string Range(long first, long last) => first == last ? $"sequence {first} was" : $"sequences {first} to {last} were";
}
