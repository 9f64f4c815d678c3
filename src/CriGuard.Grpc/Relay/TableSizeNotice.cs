namespace CriGuard.Grpc.Relay;

/// <summary>
/// A client that lowers SETTINGS_HEADER_TABLE_SIZE expects a size update at the start of the next header block (RFC 7541 section 4.2). The runtime
/// writes one, but the next block may be that of a lifted reply: then it is for us to write.
/// </summary>
internal sealed class TableSizeNotice
{
    private readonly Queue<(int Lowest, int Last)?> _unacknowledged = new();
    private int _size = Http2.HpackDecoder.DefaultTableSize;
    private int? _due;

    public int Unacknowledged => _unacknowledged.Count;

    /// <summary>The client has sent SETTINGS: the lowest and the last table size in them, if any.</summary>
    public void Announced((int Lowest, int Last)? sizes) => _unacknowledged.Enqueue(sizes);

    /// <summary>The runtime has acknowledged the oldest SETTINGS of the client.</summary>
    public void Acknowledged()
    {
        if (!_unacknowledged.TryDequeue(out var sizes) || sizes is not { } named)
            return;
        if (named.Lowest < _size)
            _due = Math.Min(_due ?? int.MaxValue, named.Lowest);
        _size = named.Last;
    }

    /// <summary>A block of the runtime passes on: it carries the update itself.</summary>
    public void RuntimeBlock() => _due = null;

    /// <summary>The size update that a lifted block must start with.</summary>
    public bool TryTake(out int size)
    {
        size = _due.GetValueOrDefault();
        var due = _due is not null;
        _due = null;
        return due;
    }
}
