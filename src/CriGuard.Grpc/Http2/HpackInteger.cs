namespace CriGuard.Grpc.Http2;

/// <summary>Integers with an N-bit prefix (RFC 7541 section 5.1).</summary>
public static class HpackInteger
{
    /// <summary>Octets of the longest encoding that is read or written: the prefix and four groups of seven bits.</summary>
    public const int MaxSize = 5;

    /// <summary>The largest value that can be written with any prefix; no length or index of a header block is near it.</summary>
    public const int MaxValue = (1 << 28) - 1;

    /// <summary>
    /// Reads an integer at <paramref name="position"/> and moves past it. False when the block ends within it or when it is longer than
    /// <see cref="MaxSize"/>: an excess, zero padding included, is a decoding error (RFC 7541 section 5.1).
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> block, ref int position, int prefixBits, out int value)
    {
        value = 0;
        if ((uint)position >= (uint)block.Length)
            return false;

        var prefix = (1 << prefixBits) - 1;
        value = block[position++] & prefix;
        if (value < prefix)
            return true;

        for (var shift = 0; shift < 28 && position < block.Length; shift += 7)
        {
            var octet = block[position++];
            value += (octet & 0x7f) << shift;
            if (octet < 0x80)
                return true;
        }

        return false;
    }

    /// <summary>
    /// Writes 0 to <see cref="MaxValue"/> beside the bits of <paramref name="pattern"/>; returns the octets written, at most <see cref="MaxSize"/>.
    /// </summary>
    public static int Write(Span<byte> destination, byte pattern, int prefixBits, int value)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)value, (uint)MaxValue);
        var prefix = (1 << prefixBits) - 1;
        if (value < prefix)
        {
            destination[0] = (byte)(pattern | value);
            return 1;
        }

        destination[0] = (byte)(pattern | prefix);
        var length = 1;
        for (value -= prefix; value >= 0x80; value >>= 7)
            destination[length++] = (byte)(value | 0x80);
        destination[length++] = (byte)value;
        return length;
    }
}
