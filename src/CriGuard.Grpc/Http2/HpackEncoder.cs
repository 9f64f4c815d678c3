using System.Buffers;

namespace CriGuard.Grpc.Http2;

/// <summary>
/// Encodes header blocks without any state: entries of the static table and literals, never the dynamic table, so that blocks may be
/// left out or put in between others. Nor Huffman: on a socket of the same machine the octets saved cost more than they weigh.
/// </summary>
public static class HpackEncoder
{
    /// <summary>Tells the peer the size of the table that we do not use (RFC 7541 section 6.3); stands at the start of a block.</summary>
    public static void WriteTableSizeUpdate(int size, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(HpackInteger.MaxSize);
        output.Advance(HpackInteger.Write(span, HpackPattern.SizeUpdate, HpackPattern.SizeUpdateBits, size));
    }

    public static void Write(HeaderFields fields, IBufferWriter<byte> output)
    {
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            WriteField(field.Name, field.Value, field.NeverIndexed, output);
        }
    }

    /// <summary>One field; one never to be indexed stays so for the next hop, even where the static table has it (RFC 7541 section 7.1.3).</summary>
    public static void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool neverIndexed, IBufferWriter<byte> output)
    {
        var span = output.GetSpan(HpackInteger.MaxSize + HpackString.MaxSize(name.Length) + HpackString.MaxSize(value.Length));
        var index = HpackStaticTable.Find(name, value, out var valueMatches);
        if (valueMatches && !neverIndexed)
        {
            output.Advance(HpackInteger.Write(span, HpackPattern.Indexed, HpackPattern.IndexedBits, index));
            return;
        }

        var pattern = neverIndexed ? HpackPattern.NeverIndexed : HpackPattern.WithoutIndexing;
        var length = HpackInteger.Write(span, pattern, HpackPattern.LiteralBits, index);
        if (index == 0)
            length += HpackString.Write(span[length..], name);
        length += HpackString.Write(span[length..], value);
        output.Advance(length);
    }
}
