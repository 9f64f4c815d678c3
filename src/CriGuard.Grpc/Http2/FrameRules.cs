namespace CriGuard.Grpc.Http2;

/// <summary>What RFC 9113 section 6 fixes about a frame by its header alone, without any state of the connection.</summary>
public static class FrameRules
{
    /// <summary>The largest payload that a peer may send before it has seen another setting (RFC 9113 section 6.5.2).</summary>
    public const int DefaultMaxFrameSize = 16_384;

    private const int PadLength = 1;
    private const int PriorityFields = 5;

    /// <summary>
    /// The error of a frame, or <see cref="ErrorCode.NoError"/>. <paramref name="maxFrameSize"/> is the receiver's SETTINGS_MAX_FRAME_SIZE in octets.
    /// Unknown types are fine at any length within it (RFC 9113 section 5.5).
    /// </summary>
    public static ErrorCode Check(in FrameHeader header, int maxFrameSize)
    {
        if (header.Length > maxFrameSize)
            return ErrorCode.FrameSizeError; // section 4.2

        var length = header.Length;
        return header.Type switch
        {
            FrameType.Data => OnStream(header, length >= LeastPadded(header)), // section 6.1
            FrameType.Headers => OnStream(header, length >= LeastHeaders(header)), // section 6.2
            FrameType.Priority => OnStream(header, length == PriorityFields), // section 6.3
            FrameType.RstStream => OnStream(header, length == 4), // section 6.4
            FrameType.Settings => OnConnection(header, header.Has(FrameFlags.Ack) ? length == 0 : length % Setting.Size == 0), // section 6.5
            FrameType.PushPromise => ErrorCode.ProtocolError, // section 8.4: never from a client; gRPC servers have no use for it
            FrameType.Ping => OnConnection(header, length == 8), // section 6.7
            FrameType.GoAway => OnConnection(header, length >= 8), // section 6.8
            FrameType.WindowUpdate => Sized(length == 4), // section 6.9: on a stream or on the connection
            FrameType.Continuation => OnStream(header, sizeFits: true), // section 6.10
            _ => ErrorCode.NoError,
        };
    }

    /// <summary>
    /// How far an error that <see cref="Check"/> found reaches. Wrong sizes of frames that change no state but their stream's end only that
    /// stream (RFC 9113 sections 4.2 and 6.3); a receiver may always end the connection instead (section 5.4.2).
    /// </summary>
    public static ErrorScope ScopeOf(in FrameHeader header, ErrorCode error) =>
        error is ErrorCode.FrameSizeError && header is { StreamId: not 0, Type: FrameType.Data or FrameType.Priority }
            ? ErrorScope.Stream
            : ErrorScope.Connection;

    private static ErrorCode OnStream(in FrameHeader header, bool sizeFits) =>
        header.StreamId is 0 ? ErrorCode.ProtocolError : Sized(sizeFits);

    private static ErrorCode OnConnection(in FrameHeader header, bool sizeFits) =>
        header.StreamId is not 0 ? ErrorCode.ProtocolError : Sized(sizeFits);

    private static ErrorCode Sized(bool fits) => fits ? ErrorCode.NoError : ErrorCode.FrameSizeError;

    // A frame too small for its mandatory fields is a FRAME_SIZE_ERROR (section 4.2).
    private static int LeastPadded(in FrameHeader header) => header.Has(FrameFlags.Padded) ? PadLength : 0;

    private static int LeastHeaders(in FrameHeader header) =>
        LeastPadded(header) + (header.Has(FrameFlags.Priority) ? PriorityFields : 0);
}
