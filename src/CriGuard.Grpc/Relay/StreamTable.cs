using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Relay;

/// <summary>The streams of one client connection; guarded by its lock.</summary>
internal sealed class StreamTable
{
    private const int ClosedKept = 256;

    private readonly Dictionary<int, RelayedState> _relayed = [];
    private readonly Dictionary<int, LiftedStream> _lifted = [];
    private readonly int[] _closed = new int[ClosedKept];
    private int _closedNext;
    private HashSet<int>? _endedHere;

    /// <summary>The highest stream that the client has opened, whatever became of it.</summary>
    public int Highest { get; private set; }

    /// <summary>The highest stream that the runtime has heard of; those above are idle to it.</summary>
    public int HighestRelayed { get; private set; }

    public int Count => _relayed.Count + _lifted.Count;

    public IReadOnlyDictionary<int, RelayedState> Relayed => _relayed;

    public Dictionary<int, LiftedStream>.ValueCollection Lifted => _lifted.Values;

    public int HighestLifted => _lifted.Count == 0 ? 0 : _lifted.Keys.Max();

    /// <summary>Takes note of a stream that the client opens; it is closed until it is added.</summary>
    public void Open(int id) => Highest = id;

    public void AddRelayed(int id, RelayedState state)
    {
        HighestRelayed = id;
        _relayed.Add(id, state);
    }

    public void AddLifted(LiftedStream stream) => _lifted.Add(stream.Id, stream);

    public bool IsRelayed(int id) => _relayed.ContainsKey(id);

    public bool TryGetLifted(int id, out LiftedStream stream) => _lifted.TryGetValue(id, out stream!);

    public bool TryGetRelayed(int id, out RelayedState state) => _relayed.TryGetValue(id, out state);

    /// <summary>Advances a relayed stream, and forgets it when both sides are done.</summary>
    public void Advance(int id, RelayedState step)
    {
        ref var state = ref CollectionsMarshal.GetValueRefOrNullRef(_relayed, id);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref state))
            return;
        state |= step;
        if ((state & RelayedState.Done) == RelayedState.Done)
            _relayed.Remove(id);
    }

    public bool RemoveRelayed(int id)
    {
        if (!_relayed.Remove(id))
            return false;
        NoteClosed(id);
        return true;
    }

    /// <summary>Forgets a relayed stream that was ended for its client in the runtime's place.</summary>
    public void EndHere(int id)
    {
        RemoveRelayed(id);
        (_endedHere ??= []).Add(id);
    }

    public bool WasEndedHere(int id) => _endedHere?.Contains(id) == true;

    public void RemoveLifted(int id)
    {
        if (_lifted.Remove(id))
            NoteClosed(id);
    }

    /// <summary>
    /// Remembers a stream that was closed before its client was done with it: late frames of it are no error (RFC 9113 section 5.1).
    /// </summary>
    public void NoteClosed(int id)
    {
        _closed[_closedNext] = id;
        _closedNext = (_closedNext + 1) % ClosedKept;
    }

    public bool WasClosed(int id) => _closed.AsSpan().Contains(id);
}
