namespace CriGuard.Grpc.Http2;

/// <summary>The leading bits that tell the representations of a field apart, and the prefix that follows them (RFC 7541 section 6).</summary>
internal static class HpackPattern
{
    public const byte Indexed = 0x80; // 1xxxxxxx, section 6.1
    public const byte Incremental = 0x40; // 01xxxxxx, section 6.2.1
    public const byte SizeUpdate = 0x20; // 001xxxxx, section 6.3
    public const byte NeverIndexed = 0x10; // 0001xxxx, section 6.2.3
    public const byte WithoutIndexing = 0x00; // 0000xxxx, section 6.2.2

    public const int IndexedBits = 7;
    public const int IncrementalBits = 6;
    public const int SizeUpdateBits = 5;
    public const int LiteralBits = 4;

    public static bool IsIndexed(byte first) => first >= Indexed;

    public static bool IsIncremental(byte first) => (first & 0xc0) == Incremental;

    public static bool IsSizeUpdate(byte first) => (first & 0xe0) == SizeUpdate;

    public static bool IsNeverIndexed(byte first) => (first & 0xf0) == NeverIndexed;
}
