namespace CriGuard.Grpc.Http2;

/// <summary>Decodes the Huffman-coded strings of RFC 7541 section 5.2.</summary>
public static class HuffmanDecoder
{
    /// <summary>The most octets that <paramref name="length"/> octets decode to: the shortest code has five bits.</summary>
    public static int MaxDecodedLength(int length) => (int)((long)length * 8 / 5);

    /// <summary>
    /// False for what RFC 7541 section 5.2 makes a decoding error: EOS, padding longer than seven bits or of other bits than ones. False too
    /// when <paramref name="destination"/> is too short, which <see cref="MaxDecodedLength"/> octets never are.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> source, Span<byte> destination, out int written)
    {
        var table = HuffmanSteps.Table;
        var state = 0u;
        written = 0;
        foreach (var octet in source)
        {
            var high = table[(state * 16) + (octet >> 4)];
            var low = table[((high >> 16) * 16) + (octet & 0xfu)];
            if (((high | low) & HuffmanSteps.Fails) != 0)
                return false;
            if (!TryEmit(high, destination, ref written) || !TryEmit(low, destination, ref written))
                return false;
            state = low >> 16;
        }

        return HuffmanSteps.MayEnd[state];
    }

    private static bool TryEmit(uint step, Span<byte> destination, ref int written)
    {
        if ((step & HuffmanSteps.Emits) == 0)
            return true;
        if (written >= destination.Length)
            return false;
        destination[written++] = (byte)step;
        return true;
    }
}
