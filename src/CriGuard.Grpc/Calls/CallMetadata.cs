using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Calls;

/// <summary>The headers or trailers of a call in the order in which they were sent, names repeated where they were.</summary>
public sealed class CallMetadata : IReadOnlyList<MetadataEntry>
{
    private const int ShortName = 64;

    private readonly List<MetadataEntry> _entries = [];

    public int Count => _entries.Count;

    public MetadataEntry this[int index] => _entries[index];

    public void Add(string name, ReadOnlyMemory<byte> value, bool neverIndexed = false) =>
        _entries.Add(new MetadataEntry(name, value, neverIndexed));

    /// <summary>Adds a value of which every character is one octet (RFC 9110 section 5.5).</summary>
    public void Add(string name, string value) => Add(name, Encoding.Latin1.GetBytes(value));

    /// <summary>The first value of that name, as text.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out string? value)
    {
        foreach (var entry in _entries)
        {
            if (entry.Name == name)
            {
                value = entry.Text;
                return true;
            }
        }

        value = null;
        return false;
    }

    /// <summary>The fields of a header block, kept beyond it.</summary>
    internal static CallMetadata Copy(HeaderFields fields)
    {
        var copy = new CallMetadata();
        for (var i = 0; i < fields.Count; i++)
            copy.Add(Encoding.ASCII.GetString(fields[i].Name), fields[i].Value.ToArray(), fields[i].NeverIndexed);
        return copy;
    }

    /// <summary>Appends all to a header block.</summary>
    internal void Encode(ByteQueue block)
    {
        Span<byte> scratch = stackalloc byte[ShortName];
        foreach (var (name, value, neverIndexed) in _entries)
        {
            var octets = name.Length <= ShortName ? scratch[..Encoding.ASCII.GetBytes(name, scratch)] : Encoding.ASCII.GetBytes(name);
            HpackEncoder.WriteField(octets, value.Span, neverIndexed, block);
        }
    }

    public IEnumerator<MetadataEntry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
