using System.Buffers.Binary;

namespace CriGuard.Grpc.Http2;

/// <summary>
/// Reads the payloads of frames. The <c>Read</c> methods expect a payload whose header passed <see cref="FrameRules.Check"/>
/// and throw <see cref="ArgumentOutOfRangeException"/> on a shorter one.
/// </summary>
public static class FramePayload
{
    private const int PriorityFields = 5;

    /// <summary>
    /// The content of DATA, or the field block fragment of HEADERS without padding and priority fields. False is a connection error
    /// PROTOCOL_ERROR: padding that leaves no room (RFC 9113 sections 6.1 and 6.2). Other frames have no padding: all is content.
    /// </summary>
    /// <param name="header">The header of the frame.</param>
    /// <param name="payload">The whole payload.</param>
    /// <param name="content">What is left.</param>
    /// <param name="padding">Octets of padding with the one that gives its length: for DATA the credit that no reader will return.</param>
    public static bool TryStripPadding(in FrameHeader header, ReadOnlySpan<byte> payload, out ReadOnlySpan<byte> content, out int padding)
    {
        content = default;
        padding = 0;
        if (header.Type is not (FrameType.Data or FrameType.Headers))
        {
            content = payload;
            return true;
        }

        var trailing = 0;
        if (header.Has(FrameFlags.Padded))
        {
            if (payload.IsEmpty)
                return false;
            trailing = payload[0];
            padding = trailing + 1;
            payload = payload[1..];
        }

        // Deprecated since RFC 9113 section 5.3.2, but still sent: skipped unread.
        var leading = header.Type is FrameType.Headers && header.Has(FrameFlags.Priority) ? PriorityFields : 0;
        if (payload.Length < leading + trailing)
            return false;
        content = payload[leading..^trailing];
        return true;
    }

    /// <summary>The octets that WINDOW_UPDATE grants, 0 to 2^31 - 1; 0 is for the receiver to refuse (RFC 9113 section 6.9).</summary>
    public static int ReadWindowIncrement(ReadOnlySpan<byte> payload) => Read31Bits(payload);

    /// <summary>The code of RST_STREAM; unknown values are kept as they came (RFC 9113 section 7).</summary>
    public static ErrorCode ReadErrorCode(ReadOnlySpan<byte> payload) => (ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload);

    /// <summary>The highest stream that the sender of GOAWAY has taken or may yet take (RFC 9113 section 6.8).</summary>
    public static int ReadGoAwayLastStreamId(ReadOnlySpan<byte> payload) => Read31Bits(payload);

    /// <summary>The code of GOAWAY; unknown values are kept as they came.</summary>
    public static ErrorCode ReadGoAwayErrorCode(ReadOnlySpan<byte> payload) => ReadErrorCode(payload[4..]);

    /// <summary>The opaque octets after GOAWAY's code: text for people, if any.</summary>
    public static ReadOnlySpan<byte> ReadGoAwayDebug(ReadOnlySpan<byte> payload) => payload[8..];

    private static int Read31Bits(ReadOnlySpan<byte> payload) => (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & int.MaxValue);
}
