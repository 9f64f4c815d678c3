namespace CriGuard.Grpc.Http2;

/// <summary>Writes the Huffman-coded strings of RFC 7541 section 5.2: what peers send, for tests and measurements of the decoder.</summary>
public static class HuffmanEncoder
{
    private static readonly uint[] Codes = HuffmanCode.Assign();

    /// <summary>Octets of the encoded string, padding included.</summary>
    public static int GetEncodedLength(ReadOnlySpan<byte> source)
    {
        var bits = 0L;
        foreach (var octet in source)
            bits += HuffmanCode.Lengths[octet];
        return (int)((bits + 7) / 8);
    }

    /// <summary>Needs <see cref="GetEncodedLength"/> octets; returns the octets written.</summary>
    public static int Encode(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var written = 0;
        var pending = 0UL;
        var bits = 0;
        foreach (var octet in source)
        {
            pending = (pending << HuffmanCode.Lengths[octet]) | Codes[octet];
            for (bits += HuffmanCode.Lengths[octet]; bits >= 8; bits -= 8)
                destination[written++] = (byte)(pending >> (bits - 8));
        }

        // The most significant bits of EOS, which are ones, fill the last octet.
        if (bits > 0)
            destination[written++] = (byte)((pending << (8 - bits)) | (0xffu >> bits));
        return written;
    }
}
