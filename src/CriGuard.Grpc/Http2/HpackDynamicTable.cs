using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Http2;

/// <summary>The dynamic table of RFC 7541 section 2.3.2: newest entry first, oldest evicted first, no allocation after the start.</summary>
internal sealed class HpackDynamicTable
{
    // Entries lie one after the other, each in one piece: one that does not fit at the end starts at the front. With room for three tables
    // (the live one, the entry that turned to the front and the one inserted) no insertion writes over an entry that was live before it.
    private readonly byte[] _octets;
    private readonly Entry[] _ring;
    private int _end;
    private int _oldest;

    public HpackDynamicTable(int limit, int maxSize)
    {
        _octets = new byte[limit * 3];
        _ring = new Entry[(limit / HeaderField.Overhead) + 1];
        MaxSize = maxSize;
    }

    public int Count { get; private set; }

    /// <summary>Octets, 32 more than name and value for each entry (RFC 7541 section 4.1).</summary>
    public int Size { get; private set; }

    public int MaxSize { get; private set; }

    /// <summary>The name of the entry inserted <paramref name="age"/> entries before the newest; valid until the second insertion from now.</summary>
    public ReadOnlySpan<byte> NameAt(int age)
    {
        var entry = At(age);
        return _octets.AsSpan(entry.Start, entry.NameLength);
    }

    public ReadOnlySpan<byte> ValueAt(int age)
    {
        var entry = At(age);
        return _octets.AsSpan(entry.Start + entry.NameLength, entry.ValueLength);
    }

    /// <summary>Sets the size that a size update asks for, at most the limit of the table, and evicts (RFC 7541 section 4.3).</summary>
    public void Resize(int maxSize)
    {
        MaxSize = maxSize;
        EvictUntil(maxSize);
    }

    /// <summary>
    /// Inserts a field, which may be a view of an entry that this evicts; one larger than the table empties it (RFC 7541 section 4.4).
    /// </summary>
    public void Insert(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var length = name.Length + value.Length;
        var size = (long)length + HeaderField.Overhead;
        if (size > MaxSize)
        {
            EvictUntil(0);
            return;
        }

        EvictUntil(MaxSize - (int)size);
        if (_end + length > _octets.Length)
            _end = 0;

        name.CopyTo(_octets.AsSpan(_end));
        value.CopyTo(_octets.AsSpan(_end + name.Length));
        _ring[Wrap(_oldest + Count)] = new Entry(_end, name.Length, value.Length);
        Count++;
        Size += (int)size;
        _end += length;
    }

    private Entry At(int age) => _ring[Wrap(_oldest + Count - 1 - age)];

    private int Wrap(int position) => position < _ring.Length ? position : position - _ring.Length;

    private void EvictUntil(int size)
    {
        while (Size > size)
        {
            var entry = _ring[_oldest];
            Size -= entry.NameLength + entry.ValueLength + HeaderField.Overhead;
            _oldest = Wrap(_oldest + 1);
            Count--;
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(int Start, int NameLength, int ValueLength);
}
