using System.Buffers;

namespace CriGuard.Grpc.Http2;

/// <summary>What RFC 9113 section 8.2 asks of every single field.</summary>
internal static class FieldRules
{
    // Section 8.2.1: visible ASCII without upper case; a colon only before pseudo-headers.
    private static readonly SearchValues<byte> NameOctets = SearchValues.Create(
        [.. Enumerable.Range(0x21, 0x7f - 0x21).Where(octet => octet is not (>= 'A' and <= 'Z') and not ':').Select(octet => (byte)octet)]);

    private static readonly SearchValues<byte> ForbiddenInValues = SearchValues.Create("\0\r\n"u8);

    /// <summary>A field that is no pseudo-header, by name and by value.</summary>
    public static bool IsRegular(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        IsName(name) && IsValue(value) && !IsConnectionSpecific(name, value);

    /// <summary>No NUL, CR or LF, no space or tab at either end (section 8.2.1).</summary>
    public static bool IsValue(ReadOnlySpan<byte> value) =>
        !value.ContainsAny(ForbiddenInValues)
        && value is not ([(byte)' ' or (byte)'\t', ..] or [.., (byte)' ' or (byte)'\t']);

    private static bool IsName(ReadOnlySpan<byte> name) => !name.IsEmpty && !name.ContainsAnyExcept(NameOctets);

    // Section 8.2.2.
    private static bool IsConnectionSpecific(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => name.Length switch
    {
        2 => name.SequenceEqual("te"u8) && !value.SequenceEqual("trailers"u8),
        7 => name.SequenceEqual("upgrade"u8),
        10 => name.SequenceEqual("connection"u8) || name.SequenceEqual("keep-alive"u8),
        16 => name.SequenceEqual("proxy-connection"u8),
        17 => name.SequenceEqual("transfer-encoding"u8),
        _ => false,
    };
}
