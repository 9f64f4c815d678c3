using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// The header blocks of the runtime: decoded all, those of streams that are over too, so that the table stays in step; the beginnings and ends of
/// replies. Used by the thread that reads the connection.
/// </summary>
internal sealed class ReplyHeaders(RuntimeConnection connection)
{
    /// <summary>Octets of the largest header list (RFC 9113 section 6.5.2). Details of errors travel in headers, and may be long.</summary>
    public const int MaxList = 128 * 1024;

    // Huffman codes have up to 30 bits an octet, so that a list within bounds can be four times as long on the wire.
    private const int MostEncoded = 4;
    private const int MaxContinuations = 64;
    private const int Ok = 200;
    private const int FirstFinal = 200;

    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);
    private readonly HeaderFields _fields = new();
    private readonly HeaderBlock _block = new(MaxList * MostEncoded, MaxContinuations);

    public void CheckOrder(in FrameHeader header) => _block.CheckOrder(header);

    /// <summary>Takes a frame; the call whose reply began or ended with it, if one did.</summary>
    public RuntimeCall? Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!FramePayload.TryStripPadding(header, payload, out var fragment, out _))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"HEADERS on stream {header.StreamId}: more padding than payload");

        if (header.Type is FrameType.Headers)
        {
            if (header.Has(FrameFlags.EndHeaders))
                return TakeBlock(header, fragment);
            _block.Begin(header, fragment);
            return null;
        }

        _block.Continue(fragment);
        if (!header.Has(FrameFlags.EndHeaders))
            return null;
        var call = TakeBlock(_block.First, _block.Octets);
        _block.End();
        return call;
    }

    /// <summary>The reply ends, and nothing says with which status.</summary>
    public void EndWithoutStatus(RuntimeCall call, ErrorCode? reset)
    {
        if (TryRemove(call, reset))
            call.Fail(RuntimeFailure.NoStatus(connection.Channel.Name, call.HttpStatus));
    }

    /// <summary>A reply that is none ends its stream and nothing else (RFC 9113 section 8.1.1).</summary>
    public void Refuse(RuntimeCall call, string what)
    {
        if (TryRemove(call, ErrorCode.ProtocolError))
            call.Fail(RuntimeFailure.Malformed(connection.Channel.Name, what));
    }

    public void Release() => _block.Release();

    private RuntimeCall? TakeBlock(in FrameHeader header, ReadOnlySpan<byte> block)
    {
        _fields.Clear();
        var error = _decoder.TryDecode(block, _fields, MaxList);
        if (error is not (ErrorCode.NoError or ErrorCode.EnhanceYourCalm))
            throw new ConnectionFaultException(error, $"header block of stream {header.StreamId}: cannot be decoded");

        RuntimeCall call;
        lock (connection.Channel.Gate)
        {
            if (!connection.Streams.TryGet(header.StreamId, out call))
                return null;
        }

        if (error is ErrorCode.EnhanceYourCalm)
            RefuseTooLarge(call);
        else if (call.HttpStatus == 0)
            Begin(call, header.Has(FrameFlags.EndStream));
        else
            End(call, header.Has(FrameFlags.EndStream));
        return call.HttpStatus == 0 ? null : call;
    }

    private void Begin(RuntimeCall call, bool endStream)
    {
        if (!ResponseHeaders.TryReadStatus(_fields, out var http) || (http < FirstFinal && endStream))
        {
            Refuse(call, "malformed headers");
            return;
        }

        // Interim responses say nothing to gRPC (RFC 9113 section 8.1).
        if (http < FirstFinal)
            return;

        call.HttpStatus = http;
        // Trailers-Only: the one header block holds the status (gRPC over HTTP/2, "Responses").
        if (StatusTrailers.TryRead(_fields, out var status))
            End(call, status, endStream ? null : ErrorCode.Cancel);
        else if (http != Ok || endStream)
            EndWithoutStatus(call, endStream ? null : ErrorCode.Cancel);
        else
            call.Start(_fields);
    }

    private void End(RuntimeCall call, bool endStream)
    {
        if (!endStream || !ResponseHeaders.AreTrailers(_fields))
            Refuse(call, "malformed trailers");
        else if (StatusTrailers.TryRead(_fields, out var status))
            End(call, status, reset: null);
        else
            EndWithoutStatus(call, reset: null);
    }

    private void End(RuntimeCall call, GrpcStatus status, ErrorCode? reset)
    {
        if (TryRemove(call, reset))
            call.End(_fields, status);
    }

    private void RefuseTooLarge(RuntimeCall call)
    {
        if (TryRemove(call, ErrorCode.Cancel))
            call.Fail(RuntimeFailure.TooLarge(connection.Channel.Name, MaxList));
    }

    // The runtime has ended the reply; where it has not all of the request it must hear that the rest will not come.
    private bool TryRemove(RuntimeCall call, ErrorCode? reset)
    {
        lock (connection.Channel.Gate)
            return connection.TryRemove(call, reset ?? (call.Unsent > 0 ? ErrorCode.Cancel : null));
    }
}
