namespace CriGuard.Grpc.Http2;

/// <summary>String literals, plain or Huffman-coded (RFC 7541 section 5.2).</summary>
internal static class HpackString
{
    public const byte Huffman = 0x80;
    public const int LengthBits = 7;

    /// <summary>
    /// Reads a string at <paramref name="position"/> and moves past it. A plain one is a view of the block, a coded one of
    /// <paramref name="scratch"/>, which grows to what the block can hold.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> block, scoped ref int position, ref byte[] scratch, out ReadOnlySpan<byte> value)
    {
        value = default;
        var coded = position < block.Length && block[position] >= Huffman;
        if (!HpackInteger.TryRead(block, ref position, LengthBits, out var length) || length > block.Length - position)
            return false;

        var octets = block.Slice(position, length);
        position += length;
        if (!coded)
        {
            value = octets;
            return true;
        }

        var longest = HuffmanDecoder.MaxDecodedLength(length);
        if (scratch.Length < longest)
            scratch = new byte[Math.Max(longest, scratch.Length * 2)];
        if (!HuffmanDecoder.TryDecode(octets, scratch, out var written))
            return false;
        value = scratch.AsSpan(0, written);
        return true;
    }

    /// <summary>Octets that <see cref="Write"/> takes at most.</summary>
    public static int MaxSize(int length) => HpackInteger.MaxSize + length;

    /// <summary>Writes a plain string; returns the octets written.</summary>
    public static int Write(Span<byte> destination, ReadOnlySpan<byte> value)
    {
        var length = HpackInteger.Write(destination, 0, LengthBits, value.Length);
        value.CopyTo(destination[length..]);
        return length + value.Length;
    }
}
