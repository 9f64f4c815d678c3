using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Takes the frames of the client, one after the other, under the lock: what is relayed goes to the runtime, the rest stays here.</summary>
internal sealed class ClientFrames(Link link, LiftedRequests requests, LiftedReplies replies)
{
    private readonly ClientHeaders _headers = new(link, requests, replies);
    private readonly ClientSettings _settings = new(link, replies);
    private ResetBudget _resets = new(link.Options.Time, link.Options.ResetBurst, link.Options.ResetsPerSecond);
    private bool _begun;

    /// <exception cref="ConnectionFaultException">The client broke the protocol: its connection must end.</exception>
    public void Take(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        _headers.CheckOrder(header);
        var payload = frame[FrameHeader.Size..];
        // The preface ends with SETTINGS (RFC 9113 section 3.4).
        if (!_begun && (header.Type is not FrameType.Settings || header.Has(FrameFlags.Ack)))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame before SETTINGS");
        _begun = true;

        switch (header.Type)
        {
            case FrameType.Headers or FrameType.Continuation:
                _headers.Take(header, payload);
                break;
            case FrameType.Data:
                TakeData(header, frame, payload);
                break;
            case FrameType.Settings:
                _settings.Take(header, payload);
                break;
            case FrameType.WindowUpdate:
                TakeWindowUpdate(header, frame, payload);
                break;
            case FrameType.RstStream:
                TakeReset(header, frame);
                break;
            case FrameType.Ping:
                TakePing(header, frame, payload);
                break;
            case FrameType.GoAway:
                link.ToRuntime?.Pending.Append(frame);
                break;
            default:
                // PRIORITY is deprecated (RFC 9113 section 5.3.2), unknown types are ignored (section 5.5).
                break;
        }
    }

    /// <summary>Gives back to the client what credit is due for octets that stayed here. Called after each run of frames.</summary>
    public void ReturnCredit()
    {
        if (link.RequestCredit.TryReturn(out var increment))
            FrameWriter.WriteWindowUpdate(link.ToClient.Answer(FrameWriter.WindowUpdateSize), 0, increment);
    }

    public void Release() => _headers.Release();

    private void TakeData(in FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        CheckOpened(header);
        if (!link.RequestCredit.TryReceive(header.Length))
            throw new ConnectionFaultException(ErrorCode.FlowControlError, "DATA past the connection's window");
        if (!FramePayload.TryStripPadding(header, payload, out var content, out _))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"DATA on stream {header.StreamId}: more padding than payload");

        var endStream = header.Has(FrameFlags.EndStream);
        if (link.Streams.TryGetLifted(header.StreamId, out var lifted))
        {
            requests.Receive(lifted, content, header.Length, endStream);
        }
        else if (link.Streams.TryGetRelayed(header.StreamId, out var state))
        {
            if ((state & RelayedState.ClientDone) is not RelayedState.Open)
                throw new ConnectionFaultException(ErrorCode.StreamClosed, $"DATA on stream {header.StreamId}: after its end");
            link.ToRuntime?.Pending.Append(frame);
            if (endStream)
                link.Streams.Advance(header.StreamId, RelayedState.ClientDone);
        }
        else
        {
            // The stream is over, the connection's credit is not (RFC 9113 section 6.9).
            link.RequestCredit.Owe(header.Length);
        }
    }

    private void TakeWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        var increment = FramePayload.ReadWindowIncrement(payload);
        if (header.StreamId == 0)
        {
            Check(link.ClientWindow.Grant(increment, link.ToClient.Pending, out var forRuntime), "WINDOW_UPDATE of the connection");
            if (forRuntime > 0 && link.ToRuntime?.Pending is { } output)
                output.Advance(FrameWriter.WriteWindowUpdate(output.GetSpan(FrameWriter.WindowUpdateSize), 0, forRuntime));
            if (link.ClientWindow.Held.Octets < link.Options.MaxHeld)
                link.HeldRoom.Set();
            replies.WakeWaiting();
            link.CloseIfDone();
            return;
        }

        CheckOpened(header);
        if (link.Streams.TryGetLifted(header.StreamId, out var lifted))
        {
            // An error of the stream only (RFC 9113 section 6.9.1).
            var error = lifted.ReplyWindow.Grant(increment);
            if (error is ErrorCode.NoError)
            {
                replies.WakeWaiting();
                return;
            }

            link.ResetForClient(header.StreamId, error);
            replies.Cancel(lifted);
        }
        else if (link.Streams.IsRelayed(header.StreamId))
        {
            link.ToRuntime?.Pending.Append(frame);
        }
    }

    private void TakeReset(in FrameHeader header, ReadOnlySpan<byte> frame)
    {
        CheckOpened(header);
        var lifted = link.Streams.TryGetLifted(header.StreamId, out var stream);
        if (lifted)
            replies.Cancel(stream);
        else if (link.Streams.RemoveRelayed(header.StreamId))
            link.ToRuntime?.Pending.Append(frame);
        else
            return;

        link.CloseIfDone();
        if (!_resets.TrySpend())
            throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, "too many streams reset");
    }

    // A ping of a client that measures what lifted calls carry is an offence to a runtime that sees no traffic: grpc-go ends the connection
    // with `too_many_pings` unless it has sent something in between.
    private void TakePing(in FrameHeader header, ReadOnlySpan<byte> frame, ReadOnlySpan<byte> payload)
    {
        if (link.ToRuntime is { } runtime && (header.Has(FrameFlags.Ack) || link.RuntimeSpoke))
        {
            runtime.Pending.Append(frame);
            link.RuntimeSpoke &= header.Has(FrameFlags.Ack);
        }
        else if (!header.Has(FrameFlags.Ack))
        {
            FrameWriter.WritePing(link.ToClient.Answer(FrameWriter.PingSize), ack: true, payload);
        }
    }

    // Frames of streams that were never opened (RFC 9113 section 5.1, "idle").
    private void CheckOpened(in FrameHeader header)
    {
        if (header.StreamId > link.Streams.Highest || header.StreamId % 2 == 0)
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame on idle stream {header.StreamId}");
    }

    private static void Check(ErrorCode error, string what)
    {
        if (error is not ErrorCode.NoError)
            throw new ConnectionFaultException(error, $"{what}: out of bounds");
    }
}
