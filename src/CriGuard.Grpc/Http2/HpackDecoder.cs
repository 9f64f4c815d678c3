namespace CriGuard.Grpc.Http2;

/// <summary>Decodes the header blocks of one direction of one connection, in their order (RFC 7541).</summary>
public sealed class HpackDecoder
{
    /// <summary>Octets of the dynamic table before SETTINGS say otherwise (RFC 9113 section 6.5.2).</summary>
    public const int DefaultTableSize = 4096;

    // The smallest size of the interval and the last one (RFC 7541 section 4.2).
    private const int MaxSizeUpdates = 2;

    private readonly HpackDynamicTable _table;
    private readonly int _maxTableSize;
    private byte[] _name = [];
    private byte[] _value = [];

    /// <param name="maxTableSize">
    /// Our SETTINGS_HEADER_TABLE_SIZE in octets. The table starts with it or with <see cref="DefaultTableSize"/>, whichever is less; a peer
    /// makes use of a larger one by a size update (RFC 9113 section 4.3.1).
    /// </param>
    public HpackDecoder(int maxTableSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(maxTableSize);
        _maxTableSize = maxTableSize;
        _table = new HpackDynamicTable(maxTableSize, Math.Min(maxTableSize, DefaultTableSize));
    }

    /// <summary>Entries in the dynamic table.</summary>
    public int TableCount => _table.Count;

    /// <summary>Octets in the dynamic table as RFC 7541 section 4.1 counts them.</summary>
    public int TableSize => _table.Size;

    /// <summary>The entry of the dynamic table inserted <paramref name="age"/> entries before the newest, valid until the next block.</summary>
    public HeaderField TableEntry(int age)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)age, (uint)_table.Count);
        return new HeaderField(_table.NameAt(age), _table.ValueAt(age), neverIndexed: false);
    }

    /// <summary>
    /// Appends the fields of one complete block to <paramref name="into"/>. <see cref="ErrorCode.CompressionError"/> ends the connection
    /// (RFC 9113 section 4.3). <see cref="ErrorCode.EnhanceYourCalm"/> says that the list passes <paramref name="maxListSize"/> octets
    /// (RFC 9113 section 6.5.2): it is cut there, the block was decoded to its end, and the connection can go on without that stream.
    /// </summary>
    public ErrorCode TryDecode(ReadOnlySpan<byte> block, HeaderFields into, int maxListSize)
    {
        var position = 0;
        if (!TryReadSizeUpdates(block, ref position))
            return ErrorCode.CompressionError;

        var result = ErrorCode.NoError;
        while (position < block.Length)
        {
            if (!TryReadField(block, ref position, out var field))
                return ErrorCode.CompressionError;

            var size = (long)field.Name.Length + field.Value.Length + HeaderField.Overhead;
            if (into.ListSize + size > maxListSize)
                result = ErrorCode.EnhanceYourCalm;
            if (result is ErrorCode.NoError)
                into.Add(field.Name, field.Value, field.NeverIndexed);
        }

        return result;
    }

    // Size updates stand before the first field only (RFC 7541 section 4.2) and stay within the setting (section 6.3).
    private bool TryReadSizeUpdates(ReadOnlySpan<byte> block, ref int position)
    {
        for (var updates = 0; position < block.Length && HpackPattern.IsSizeUpdate(block[position]); updates++)
        {
            if (updates == MaxSizeUpdates || !HpackInteger.TryRead(block, ref position, HpackPattern.SizeUpdateBits, out var size))
                return false;
            if (size > _maxTableSize)
                return false;
            _table.Resize(size);
        }

        return true;
    }

    private bool TryReadField(ReadOnlySpan<byte> block, ref int position, out HeaderField field)
    {
        var first = block[position];
        if (HpackPattern.IsIndexed(first))
            return TryReadIndexed(block, ref position, out field);
        if (HpackPattern.IsIncremental(first))
            return TryReadLiteral(block, ref position, HpackPattern.IncrementalBits, insert: true, neverIndexed: false, out field);
        if (HpackPattern.IsSizeUpdate(first))
        {
            field = default;
            return false;
        }

        return TryReadLiteral(block, ref position, HpackPattern.LiteralBits, insert: false, HpackPattern.IsNeverIndexed(first), out field);
    }

    // RFC 7541 section 6.1: index 0 is a decoding error.
    private bool TryReadIndexed(ReadOnlySpan<byte> block, ref int position, out HeaderField field)
    {
        field = default;
        return HpackInteger.TryRead(block, ref position, HpackPattern.IndexedBits, out var index) && TryGetField(index, out field);
    }

    // RFC 7541 section 6.2: index 0 is a literal name.
    private bool TryReadLiteral(ReadOnlySpan<byte> block, ref int position, int prefixBits, bool insert, bool neverIndexed, out HeaderField field)
    {
        field = default;
        if (!HpackInteger.TryRead(block, ref position, prefixBits, out var index))
            return false;

        ReadOnlySpan<byte> name;
        if (index == 0)
        {
            if (!HpackString.TryRead(block, ref position, ref _name, out name))
                return false;
        }
        else if (TryGetField(index, out var named))
        {
            name = named.Name;
        }
        else
        {
            return false;
        }

        if (!HpackString.TryRead(block, ref position, ref _value, out var value))
            return false;
        if (insert)
            _table.Insert(name, value);
        field = new HeaderField(name, value, neverIndexed);
        return true;
    }

    // RFC 7541 section 2.3.3: one index space, static entries first.
    private bool TryGetField(int index, out HeaderField field)
    {
        field = default;
        if (index == 0 || index > HpackStaticTable.Count + _table.Count)
            return false;

        var age = index - HpackStaticTable.Count - 1;
        field = age < 0
            ? new HeaderField(HpackStaticTable.NameAt(index), HpackStaticTable.ValueAt(index), neverIndexed: false)
            : new HeaderField(_table.NameAt(age), _table.ValueAt(age), neverIndexed: false);
        return true;
    }
}
