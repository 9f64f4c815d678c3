namespace CriGuard.Grpc.Http2;

/// <summary>A view of one field, valid until the list that it came from is cleared or grows.</summary>
public readonly ref struct HeaderField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool neverIndexed)
{
    /// <summary>Octets that a field counts beside its name and value (RFC 7541 section 4.1, RFC 9113 section 6.5.2).</summary>
    public const int Overhead = 32;

    public ReadOnlySpan<byte> Name { get; } = name;

    public ReadOnlySpan<byte> Value { get; } = value;

    /// <summary>The sender asked every hop to keep this field out of compression tables (RFC 7541 section 7.1.3).</summary>
    public bool NeverIndexed { get; } = neverIndexed;
}
