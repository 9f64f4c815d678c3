using CriGuard.Core.Events;

namespace CriGuard.Store.Events;

/// <summary>One way through the segments of a log, from the first line that is left to the last.</summary>
internal sealed class LogProver(LogDirectory files, long[] segments, ChainPosition head, ProofDemands demands)
{
    /// <summary>A daemon signs every thousand events and every minute: a log that ends with more that are not signed was not written by one.</summary>
    private const int MaxUnsigned = 10_000;

    private readonly LogTestimony _testimony = new(demands.Keys);

    /// <summary>Hashes of the last lines of segments: what retention says that it removed ended with one of them.</summary>
    private readonly Dictionary<long, LineHash> _ends = [];

    private Chain _chain = new(head);
    private ChainFault? _misnamed;
    private ChainFault? _other;
    private LinePlace _end = new(Path.GetFileName(files.Segment(1)), 1);
    private int _unfinished;

    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public LogProof Prove(CancellationToken cancellation)
    {
        var start = Start();
        _chain = new Chain(head, start);
        foreach (long first in segments)
        {
            cancellation.ThrowIfCancellationRequested();
            Read(first);
        }

        _chain.Finish(_end);
        var fault = _chain.Fault ?? _misnamed ?? _testimony.Fault ?? _other ?? Beheaded(start) ?? Unsigned(start) ?? Cut();
        var (after, before) = fault is null ? default : FaultTimes.Around(files, segments, fault.Place);
        return new LogProof(_chain.Position.Sequence - start.Sequence, _chain.Position, _unfinished, fault)
        {
            First = start.Sequence + 1,
            Removed = _testimony.Removed,
            Gaps = _testimony.Gaps,
            Checkpoint = _testimony.Checkpoint,
            FaultAfter = after,
            FaultBefore = before,
        };
    }

    // A log whose front was removed begins with what its first line says was before; whether that is true the record of the removal tells.
    private ChainPosition Start()
    {
        if (segments.Length == 0 || segments[0] == 1)
            return ChainPosition.Start;
        using var lines = new LineScanner(files.Segment(segments[0]));
        return new ChainPosition(segments[0] - 1, lines.TryNext(out var line) && LineLinkReader.TryRead(line.Span, out var link) ? link.Previous : LineHash.None);
    }

    private void Read(long first)
    {
        using var lines = new LineScanner(files.Segment(first));
        var name = Path.GetFileName(files.Segment(first));
        var before = _chain.Position.Sequence;
        while (lines.TryNext(out var line))
        {
            var sequence = _chain.Position.Sequence;
            _chain.Add(line.Span, new LinePlace(name, lines.Lines));
            if (_chain.Position.Sequence == sequence + 1)
                _testimony.Add(line, new LinePlace(name, lines.Lines));
            if (_chain.Position.Sequence == demands.Includes?.Sequence && _chain.Position != demands.Includes)
                _other ??= new ChainFault(ChainFaultKind.Changed, new LinePlace(name, lines.Lines), $"sequence {sequence + 1} is not the line that the checkpoint was made over");
            if (lines.Lines == 1 && _chain.Position.Sequence == before + 1 && before + 1 != first)
                _misnamed ??= new ChainFault(ChainFaultKind.Changed, new LinePlace(name, 1), $"the file was renamed: its first line is sequence {before + 1}");
        }

        _end = new LinePlace(name, lines.Lines + 1);
        _unfinished = lines.Unfinished.Length;
        if (_unfinished > 0 && first != segments[^1])
            _chain.Add(lines.Unfinished.Span, _end);
        _ends[_chain.Position.Sequence] = _chain.Position.Hash;
    }

    /// <summary>Whether what is missing in front is what retention says that it removed; of a removal that a crash cut short a part may be left.</summary>
    private ChainFault? Beheaded(ChainPosition start)
    {
        if (start.Sequence == 0 || demands.Excerpt)
            return null;
        var place = new LinePlace(Path.GetFileName(files.Segment(segments[0])), 1);
        if (_testimony.Removed is not { } removed)
            return new ChainFault(ChainFaultKind.Missing, place, $"sequences 1 to {start.Sequence} were taken out before this line: no event says that retention removed them");
        if (removed.Last < start.Sequence)
            return new ChainFault(ChainFaultKind.Missing, place, $"sequences {removed.Last + 1} to {start.Sequence} were taken out before this line: retention removed those up to {removed.Last}");
        var hash = removed.Last == start.Sequence ? start.Hash : _ends.GetValueOrDefault(removed.Last);
        return hash == removed.Hash ? null : new ChainFault(ChainFaultKind.Changed, place, $"what is before this line is not what retention removed up to sequence {removed.Last}");
    }

    private ChainFault? Unsigned(ChainPosition start)
    {
        long last = _chain.Position.Sequence;
        if (demands.Keys.IsEmpty || last == start.Sequence)
            return null;
        if (_testimony.Checkpoint is not { } checkpoint)
            return new ChainFault(ChainFaultKind.Changed, _end, "no line in front of this is signed with the key that was given");
        long behind = last - checkpoint.Covers.Sequence - 1;
        return behind <= MaxUnsigned ? null : new ChainFault(
            ChainFaultKind.Changed, _end, $"the last {behind} lines, behind sequence {checkpoint.Covers.Sequence}, are not signed, and a daemon signs every thousand");
    }

    private ChainFault? Cut() => demands.Includes is { } included && included.Sequence > _chain.Position.Sequence
        ? new ChainFault(ChainFaultKind.Truncated, _end, $"sequences {_chain.Position.Sequence + 1} to {included.Sequence} were cut off the end: the checkpoint that was given was made over them")
        : null;
}
