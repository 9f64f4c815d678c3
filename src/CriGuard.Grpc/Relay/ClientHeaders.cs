using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// The header blocks of the client: decoded all, so that the table stays in step, and written to the runtime anew where they are relayed.
/// </summary>
internal sealed class ClientHeaders(Link link, LiftedRequests requests, LiftedReplies replies)
{
    // Huffman codes have up to 30 bits an octet, so that a list within bounds can be four times as long on the wire.
    private const int MostEncoded = 4;

    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);
    private readonly HeaderFields _fields = new();
    private readonly HeaderBlock _block = new(link.Options.MaxHeaderList * MostEncoded, link.Options.MaxContinuations);
    private readonly ByteQueue _encoded = new();
    private bool _tableAnnounced;

    public void CheckOrder(in FrameHeader header) => _block.CheckOrder(header);

    public void Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!FramePayload.TryStripPadding(header, payload, out var fragment, out _))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"HEADERS on stream {header.StreamId}: more padding than payload");

        if (header.Type is FrameType.Headers)
        {
            if (header.Has(FrameFlags.EndHeaders))
                TakeBlock(header.StreamId, header.Has(FrameFlags.EndStream), fragment);
            else
                _block.Begin(header, fragment);
            return;
        }

        _block.Continue(fragment);
        if (!header.Has(FrameFlags.EndHeaders))
            return;
        TakeBlock(header.StreamId, _block.First.Has(FrameFlags.EndStream), _block.Octets);
        _block.End();
    }

    public void Release()
    {
        _block.Release();
        _encoded.Release();
    }

    private void TakeBlock(int streamId, bool endStream, ReadOnlySpan<byte> block)
    {
        _fields.Clear();
        var error = _decoder.TryDecode(block, _fields, link.Options.MaxHeaderList);
        if (error is not (ErrorCode.NoError or ErrorCode.EnhanceYourCalm))
            throw new ConnectionFaultException(error, $"header block of stream {streamId}: cannot be decoded");

        var tooLarge = error is ErrorCode.EnhanceYourCalm;
        if (streamId > link.Streams.Highest)
            TakeRequest(streamId, endStream, tooLarge);
        else
            TakeTrailers(streamId, endStream, tooLarge);
    }

    private void TakeRequest(int streamId, bool endStream, bool tooLarge)
    {
        // Streams of clients are odd (RFC 9113 section 5.1.1).
        if (streamId % 2 == 0)
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"HEADERS on stream {streamId}: not a client's");
        link.Streams.Open(streamId);
        // After GOAWAY the client sends these again elsewhere (RFC 9113 section 6.8).
        if (streamId > link.LastServed)
        {
            link.Streams.NoteClosed(streamId);
            return;
        }

        if (tooLarge)
        {
            var status = new GrpcStatus(StatusCode.ResourceExhausted, $"criguard: headers of more than {link.Options.MaxHeaderList} octets");
            replies.Refuse(streamId, endStream, status);
            return;
        }

        var error = RequestHeaders.Check(_fields);
        if (error is not ErrorCode.NoError)
            throw new ConnectionFaultException(error, $"request of stream {streamId}: malformed headers");

        if (link.Unreachable is { } reason)
            replies.Refuse(streamId, endStream, RuntimeFailure.Unavailable(link.Options.RuntimeName, $"does not answer: {reason}"));
        else if (link.Streams.Count >= link.Options.MaxStreams || link.Serving >= link.Options.MaxStreams)
            RefuseStream(streamId);
        else if (_fields.TryGet(":path"u8, out var path) && link.Options.Lifts(path))
            requests.Open(streamId, endStream, _fields);
        else if (streamId > link.LastTaken || link.ToRuntime is null)
            RefuseStream(streamId);
        else
            Relay(streamId, endStream, path);
    }

    private void Relay(int streamId, bool endStream, ReadOnlySpan<byte> path)
    {
        var state = endStream ? RelayedState.ClientDone : RelayedState.Open;
        link.Streams.AddRelayed(streamId, link.Options.NeverEnds(path) ? state | RelayedState.NeverEnds : state);
        WriteToRuntime(streamId, endStream);
    }

    private void TakeTrailers(int streamId, bool endStream, bool tooLarge)
    {
        var lifted = link.Streams.TryGetLifted(streamId, out var stream);
        var relayed = link.Streams.TryGetRelayed(streamId, out var state);
        if (!lifted && !relayed && link.Streams.WasClosed(streamId))
            return;
        // RFC 9113 section 5.1: half-closed (remote), closed, or idle streams that a higher one has closed.
        if ((!lifted && !relayed) || (lifted && stream.ClientDone) || state.HasFlag(RelayedState.ClientDone))
            throw new ConnectionFaultException(ErrorCode.StreamClosed, $"HEADERS on stream {streamId}: after its end");
        if (!endStream || tooLarge || RequestHeaders.CheckTrailers(_fields) is not ErrorCode.NoError)
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"trailers of stream {streamId}: malformed");

        if (lifted)
        {
            requests.End(stream);
            return;
        }

        WriteToRuntime(streamId, endStream: true);
        link.Streams.Advance(streamId, RelayedState.ClientDone);
    }

    private void WriteToRuntime(int streamId, bool endStream)
    {
        if (link.ToRuntime is not { } runtime)
            return;
        // Nothing is ever indexed, so the runtime may free its table (RFC 7541 section 6.3).
        if (!_tableAnnounced)
            HpackEncoder.WriteTableSizeUpdate(0, _encoded);
        _tableAnnounced = true;
        HpackEncoder.Write(_fields, _encoded);
        BlockWriter.Write(runtime.Pending, streamId, endStream, _encoded.Octets);
        _encoded.Clear();
    }

    private void RefuseStream(int streamId)
    {
        link.ResetForClient(streamId, ErrorCode.RefusedStream);
        link.Streams.NoteClosed(streamId);
    }
}
