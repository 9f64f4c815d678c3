using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>RFC 7541 written for reading, with strings and lists, against which the decoder is compared.</summary>
internal sealed class PlainHpack(int limit)
{
    private static readonly (string Name, string Value)[] Static = [.. Enumerable.Range(1, 61).Select(StaticField)];

    private int _maxSize = Math.Min(limit, HpackDecoder.DefaultTableSize);

    /// <summary>The dynamic table, newest first.</summary>
    public List<(string Name, string Value)> Table { get; } = [];

    /// <summary>The fields of a block, or null for a compression error.</summary>
    public List<(string Name, string Value)>? Decode(ReadOnlySpan<byte> block)
    {
        var fields = new List<(string, string)>();
        var updates = 0;
        for (var at = 0; at < block.Length;)
        {
            var first = block[at];
            if ((first & 0xe0) == 0x20)
            {
                if (fields.Count > 0 || ++updates > 2 || !HpackInteger.TryRead(block, ref at, 5, out _maxSize) || _maxSize > limit)
                    return null;
                Evict();
                continue;
            }

            var field = first >= 0x80 ? Indexed(block, ref at) : Literal(block, ref at, (first & 0x40) != 0);
            if (field is null)
                return null;
            fields.Add(field.Value);
        }

        return fields;
    }

    private (string, string)? Indexed(ReadOnlySpan<byte> block, ref int at) =>
        HpackInteger.TryRead(block, ref at, 7, out var index) ? At(index) : null;

    private (string, string)? Literal(ReadOnlySpan<byte> block, ref int at, bool insert)
    {
        if (!HpackInteger.TryRead(block, ref at, insert ? 6 : 4, out var index))
            return null;
        var name = index == 0 ? Text(block, ref at) : At(index)?.Name;
        var value = name is null ? null : Text(block, ref at);
        if (name is null || value is null)
            return null;
        if (insert)
        {
            Table.Insert(0, (name, value));
            Evict();
        }

        return (name, value);
    }

    private (string Name, string Value)? At(int index) =>
        index == 0 || index > Static.Length + Table.Count ? null : index <= Static.Length ? Static[index - 1] : Table[index - Static.Length - 1];

    private void Evict()
    {
        while (Table.Sum(field => field.Name.Length + field.Value.Length + 32) > _maxSize)
            Table.RemoveAt(Table.Count - 1);
    }

    private static string? Text(ReadOnlySpan<byte> block, ref int at)
    {
        var coded = at < block.Length && block[at] >= 0x80;
        if (!HpackInteger.TryRead(block, ref at, 7, out var length) || length > block.Length - at)
            return null;
        var octets = block.Slice(at, length);
        at += length;
        if (!coded)
            return Encoding.Latin1.GetString(octets);
        var decoded = new byte[HuffmanDecoder.MaxDecodedLength(length)];
        return HuffmanDecoder.TryDecode(octets, decoded, out var written) ? Encoding.Latin1.GetString(decoded.AsSpan(0, written)) : null;
    }

    private static (string, string) StaticField(int index)
    {
        var fields = new HeaderFields();
        new HpackDecoder(0).TryDecode([(byte)(0x80 | index)], fields, 4096);
        return (Encoding.Latin1.GetString(fields[0].Name), Encoding.Latin1.GetString(fields[0].Value));
    }
}
