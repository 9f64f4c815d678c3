namespace CriGuard.Cri.Requests;

/// <summary>One field as it stands on the wire.</summary>
/// <param name="number">Field number.</param>
/// <param name="type">Wire type.</param>
/// <param name="varint">The value where the type is <see cref="WireType.Varint"/>.</param>
/// <param name="content">The value where the type is <see cref="WireType.Length"/>.</param>
internal readonly ref struct WireField(int number, WireType type, ulong varint, ReadOnlySpan<byte> content)
{
    public int Number { get; } = number;

    public WireType Type { get; } = type;

    public ulong Varint { get; } = varint;

    public ReadOnlySpan<byte> Content { get; } = content;
}

/// <summary>Wire types of the protobuf encoding.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Length = 2,
    GroupStart = 3,
    GroupEnd = 4,
    Fixed32 = 5,
}

/// <summary>Reads the fields of one message in the order of the wire, which the parsed form no longer shows.</summary>
internal ref struct WireReader(ReadOnlySpan<byte> message)
{
    // As deep as Google.Protobuf reads.
    private const int DeepestGroup = 100;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>True once the bytes are no protobuf message.</summary>
    public bool Malformed { get; private set; }

    /// <summary>Gives the next field; false at the end, or where the rest is malformed.</summary>
    public bool TryRead(out WireField field)
    {
        field = default;
        if (_rest.IsEmpty || Malformed)
            return false;

        Malformed = !TryReadField(out field) || field.Type == WireType.GroupEnd || (field.Type == WireType.GroupStart && !TrySkipGroup(field.Number));
        return !Malformed;
    }

    private bool TryReadField(out WireField field)
    {
        field = default;
        if (!TryReadVarint(out var tag) || tag > uint.MaxValue || tag >> 3 == 0)
            return false;

        var number = (int)(tag >> 3);
        var type = (WireType)(tag & 7);
        ulong varint = 0;
        ReadOnlySpan<byte> content = [];
        var read = type switch
        {
            WireType.Varint => TryReadVarint(out varint),
            WireType.Fixed64 => TryTake(sizeof(ulong), out content),
            WireType.Length => TryReadVarint(out var length) && TryTake(length, out content),
            WireType.Fixed32 => TryTake(sizeof(uint), out content),
            WireType.GroupStart or WireType.GroupEnd => true,
            _ => false,
        };
        field = new WireField(number, type, varint, content);
        return read;
    }

    private bool TrySkipGroup(int number)
    {
        Span<int> open = stackalloc int[DeepestGroup];
        open[0] = number;
        var depth = 1;
        while (depth > 0)
        {
            if (!TryReadField(out var field))
                return false;
            if (field.Type == WireType.GroupEnd && open[--depth] != field.Number)
                return false;
            if (field.Type != WireType.GroupStart)
                continue;
            if (depth == DeepestGroup)
                return false;
            open[depth++] = field.Number;
        }

        return true;
    }

    private bool TryTake(ulong length, out ReadOnlySpan<byte> content)
    {
        content = [];
        if (length > (ulong)_rest.Length)
            return false;

        content = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return true;
    }

    private bool TryReadVarint(out ulong value)
    {
        value = 0;
        for (var i = 0; i < Math.Min(10, _rest.Length); i++)
        {
            value |= (ulong)(_rest[i] & 0x7f) << (7 * i);
            if (_rest[i] >= 0x80)
                continue;
            _rest = _rest[(i + 1)..];
            return true;
        }

        return false;
    }
}
