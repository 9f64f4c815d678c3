using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CriGuard.Grpc.Http2;

/// <summary>The nine octets before every frame (RFC 9113 section 4.1).</summary>
/// <param name="Length">Octets of payload that follow, 0 to 2^24 - 1; the header itself is not counted.</param>
/// <param name="Type">The frame type; unknown values are kept as they came.</param>
/// <param name="Flags">The flags; undefined bits are kept as they came.</param>
/// <param name="StreamId">31 bits; 0 is the connection.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, int StreamId)
{
    public const int Size = 9;

    // 00 00 08  06    01     00 00 00 00
    // length    type  flags  reserved bit and stream id
    public static bool TryParse(ReadOnlySpan<byte> source, out FrameHeader header)
    {
        if (source.Length < Size)
        {
            header = default;
            return false;
        }

        var length = (source[0] << 16) | (source[1] << 8) | source[2];
        // The reserved bit is ignored when received (RFC 9113 section 4.1).
        var streamId = (int)(BinaryPrimitives.ReadUInt32BigEndian(source[5..]) & int.MaxValue);
        header = new FrameHeader(length, (FrameType)source[3], (FrameFlags)source[4], streamId);
        return true;
    }

    /// <summary>Writes <see cref="Size"/> octets at the start of <paramref name="destination"/>, which must hold them.</summary>
    public void Write(Span<byte> destination)
    {
        // The last octet first: one bounds check for all.
        BinaryPrimitives.WriteInt32BigEndian(destination.Slice(5, 4), StreamId);
        destination[4] = (byte)Flags;
        destination[3] = (byte)Type;
        destination[2] = (byte)Length;
        destination[1] = (byte)(Length >> 8);
        destination[0] = (byte)(Length >> 16);
    }

    public bool Has(FrameFlags flag) => (Flags & flag) == flag;
}
