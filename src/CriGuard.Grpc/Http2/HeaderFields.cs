namespace CriGuard.Grpc.Http2;

/// <summary>A field section: names and values as octets in the order they came, in memory that is used again after <see cref="Clear"/>.</summary>
public sealed class HeaderFields
{
    private byte[] _octets = new byte[1024];
    private Entry[] _entries = new Entry[32];
    private int _used;

    public int Count { get; private set; }

    /// <summary>Octets as SETTINGS_MAX_HEADER_LIST_SIZE counts them: 32 for each field beside its name and value (RFC 9113 section 6.5.2).</summary>
    public int ListSize => _used + (Count * HeaderField.Overhead);

    public HeaderField this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            var entry = _entries[index];
            return new HeaderField(
                _octets.AsSpan(entry.Start, entry.NameLength),
                _octets.AsSpan(entry.Start + entry.NameLength, entry.ValueLength),
                entry.NeverIndexed);
        }
    }

    public void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool neverIndexed = false)
    {
        var end = _used + name.Length + value.Length;
        // Growing copies: spans of the old memory that were passed in stay good.
        if (end > _octets.Length)
            Array.Resize(ref _octets, Math.Max(end, _octets.Length * 2));
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);

        name.CopyTo(_octets.AsSpan(_used));
        value.CopyTo(_octets.AsSpan(_used + name.Length));
        _entries[Count++] = new Entry(_used, name.Length, value.Length, neverIndexed);
        _used = end;
    }

    /// <summary>The value of the first field of that name, compared octet by octet: names are lower case (RFC 9113 section 8.2).</summary>
    public bool TryGet(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value)
    {
        for (var i = 0; i < Count; i++)
        {
            var field = this[i];
            if (field.Name.SequenceEqual(name))
            {
                value = field.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    private readonly record struct Entry(int Start, int NameLength, int ValueLength, bool NeverIndexed);
}
