using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is a coded string, and also one to be coded.</summary>
internal static class HuffmanTarget
{
    public static readonly Target Value = new(
        "huffman",
        [
            [],
            Convert.FromHexString("f1e3c2e5f23a6ba0ab90f4ff"),
            Convert.FromHexString("d07abe941054d444a8200595040b8166e082a62d1bff"),
            Convert.FromHexString("fffffff3"),
            Convert.FromHexString("07fd7f"),
            [.. Enumerable.Range(0, 256).Select(octet => (byte)octet)],
        ],
        Run);

    private static bool Run(byte[] input)
    {
        Promise.Keep(TryDecode(Encode(input), out var again) && again.SequenceEqual(input), "what is encoded decodes to itself");
        if (!TryDecode(input, out var decoded))
            return false;
        Promise.Keep(Encode(decoded).AsSpan().SequenceEqual(input), "what decodes has one encoding");
        return true;
    }

    private static byte[] Encode(ReadOnlySpan<byte> source)
    {
        var encoded = new byte[HuffmanEncoder.GetEncodedLength(source)];
        Promise.Keep(HuffmanEncoder.Encode(source, encoded) == encoded.Length, "the length is known beforehand");
        return encoded;
    }

    private static bool TryDecode(ReadOnlySpan<byte> source, out ReadOnlySpan<byte> decoded)
    {
        var destination = new byte[HuffmanDecoder.MaxDecodedLength(source.Length)];
        var accepted = HuffmanDecoder.TryDecode(source, destination, out var written);
        decoded = destination.AsSpan(0, written);
        return accepted;
    }
}
