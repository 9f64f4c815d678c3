using System.Buffers.Binary;

namespace CriGuard.Grpc.Http2;

/// <summary>
/// Writes frames into spans. Every method returns the octets written, which are known beforehand by the size beside it,
/// and throws <see cref="ArgumentException"/> when the destination is shorter.
/// </summary>
public static class FrameWriter
{
    public const int SettingsAckSize = FrameHeader.Size;
    public const int PingSize = FrameHeader.Size + 8;
    public const int RstStreamSize = FrameHeader.Size + 4;
    public const int WindowUpdateSize = FrameHeader.Size + 4;

    public static int SettingsSize(int count) => FrameHeader.Size + (count * Setting.Size);

    public static int GoAwaySize(int debugLength) => FrameHeader.Size + 8 + debugLength;

    /// <summary>Needs <see cref="SettingsSize"/> octets (RFC 9113 section 6.5).</summary>
    public static int WriteSettings(Span<byte> destination, ReadOnlySpan<Setting> settings)
    {
        var payload = Begin(destination, FrameType.Settings, FrameFlags.None, 0, settings.Length * Setting.Size);
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)id);
            BinaryPrimitives.WriteUInt32BigEndian(payload[2..], value);
            payload = payload[Setting.Size..];
        }

        return SettingsSize(settings.Length);
    }

    /// <summary>Needs <see cref="SettingsAckSize"/> octets (RFC 9113 section 6.5.3).</summary>
    public static int WriteSettingsAck(Span<byte> destination)
    {
        Begin(destination, FrameType.Settings, FrameFlags.Ack, 0, 0);
        return SettingsAckSize;
    }

    /// <summary>Needs <see cref="PingSize"/> octets; an acknowledgement carries the payload of the ping (RFC 9113 section 6.7).</summary>
    public static int WritePing(Span<byte> destination, bool ack, ReadOnlySpan<byte> payload)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(payload.Length, 8);
        payload.CopyTo(Begin(destination, FrameType.Ping, ack ? FrameFlags.Ack : FrameFlags.None, 0, 8));
        return PingSize;
    }

    /// <summary>Needs <see cref="GoAwaySize"/> octets (RFC 9113 section 6.8).</summary>
    public static int WriteGoAway(Span<byte> destination, int lastStreamId, ErrorCode code, ReadOnlySpan<byte> debug)
    {
        var payload = Begin(destination, FrameType.GoAway, FrameFlags.None, 0, 8 + debug.Length);
        BinaryPrimitives.WriteInt32BigEndian(payload, lastStreamId);
        BinaryPrimitives.WriteUInt32BigEndian(payload[4..], (uint)code);
        debug.CopyTo(payload[8..]);
        return GoAwaySize(debug.Length);
    }

    /// <summary>Needs <see cref="RstStreamSize"/> octets (RFC 9113 section 6.4).</summary>
    public static int WriteRstStream(Span<byte> destination, int streamId, ErrorCode code)
    {
        BinaryPrimitives.WriteUInt32BigEndian(Begin(destination, FrameType.RstStream, FrameFlags.None, streamId, 4), (uint)code);
        return RstStreamSize;
    }

    /// <summary>Needs <see cref="WindowUpdateSize"/> octets; at least 1 is granted; stream 0 is the connection (RFC 9113 section 6.9).</summary>
    public static int WriteWindowUpdate(Span<byte> destination, int streamId, int increment)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(increment);
        BinaryPrimitives.WriteInt32BigEndian(Begin(destination, FrameType.WindowUpdate, FrameFlags.None, streamId, 4), increment);
        return WindowUpdateSize;
    }

    /// <summary>Needs <see cref="FrameHeader.Size"/> octets; <paramref name="length"/> octets of content follow (RFC 9113 section 6.1).</summary>
    public static int WriteDataHeader(Span<byte> destination, int streamId, int length, bool endStream) =>
        WriteHeader(destination, FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId, length);

    /// <summary>Needs <see cref="FrameHeader.Size"/> octets; <paramref name="length"/> octets of a block follow (RFC 9113 section 6.2).</summary>
    public static int WriteHeadersHeader(Span<byte> destination, int streamId, int length, bool endStream, bool endHeaders) =>
        WriteHeader(
            destination,
            FrameType.Headers,
            (endStream ? FrameFlags.EndStream : FrameFlags.None) | (endHeaders ? FrameFlags.EndHeaders : FrameFlags.None),
            streamId,
            length);

    /// <summary>Needs <see cref="FrameHeader.Size"/> octets; <paramref name="length"/> octets of a block follow (RFC 9113 section 6.10).</summary>
    public static int WriteContinuationHeader(Span<byte> destination, int streamId, int length, bool endHeaders) =>
        WriteHeader(destination, FrameType.Continuation, endHeaders ? FrameFlags.EndHeaders : FrameFlags.None, streamId, length);

    private static int WriteHeader(Span<byte> destination, FrameType type, FrameFlags flags, int streamId, int length)
    {
        new FrameHeader(length, type, flags, streamId).Write(destination);
        return FrameHeader.Size;
    }

    // Sliced before anything is written: a destination that is too short stays untouched.
    private static Span<byte> Begin(Span<byte> destination, FrameType type, FrameFlags flags, int streamId, int length)
    {
        var payload = destination.Slice(FrameHeader.Size, length);
        WriteHeader(destination, type, flags, streamId, length);
        return payload;
    }
}
