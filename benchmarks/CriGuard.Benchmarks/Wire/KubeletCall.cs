using System.Buffers;
using CriGuard.Grpc.Http2;

namespace CriGuard.Benchmarks.Wire;

/// <summary>The header block that a Go client sends for each call of a kubelet: the first time in full, then by its table.</summary>
internal static class KubeletCall
{
    /// <summary>The fields as they are decoded.</summary>
    public static HeaderFields Fields()
    {
        var fields = new HeaderFields();
        fields.Add(":method"u8, "POST"u8);
        fields.Add(":scheme"u8, "http"u8);
        fields.Add(":path"u8, "/runtime.v1.RuntimeService/ListContainers"u8);
        fields.Add(":authority"u8, "/run/containerd/containerd.sock"u8);
        fields.Add("content-type"u8, "application/grpc"u8);
        fields.Add("user-agent"u8, "grpc-go/1.58.3"u8);
        fields.Add("te"u8, "trailers"u8);
        fields.Add("grpc-timeout"u8, "120000m"u8);
        return fields;
    }

    /// <summary>Every field that is not in the static table as a Huffman-coded literal that enters the dynamic table.</summary>
    public static byte[] FirstBlock()
    {
        var output = new ArrayBufferWriter<byte>();
        output.Write<byte>([0x83, 0x86]);
        var fields = Fields();
        for (var i = 2; i < fields.Count; i++)
        {
            output.Write<byte>([0x40]);
            WriteCoded(fields[i].Name, output);
            WriteCoded(fields[i].Value, output);
        }

        return output.WrittenSpan.ToArray();
    }

    /// <summary>The same fields by the table that <see cref="FirstBlock"/> left: the oldest of six is index 67.</summary>
    public static byte[] NextBlock() => [0x83, 0x86, 0xc3, 0xc2, 0xc1, 0xc0, 0xbf, 0xbe];

    private static void WriteCoded(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> output)
    {
        var coded = new byte[HuffmanEncoder.GetEncodedLength(text)];
        HuffmanEncoder.Encode(text, coded);
        output.Write<byte>([(byte)(0x80 | coded.Length)]);
        output.Write(coded);
    }
}
