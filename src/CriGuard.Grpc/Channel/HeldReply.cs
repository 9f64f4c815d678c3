using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// The part of a forwarded reply for which its client has no window yet. It is never more than the stream's own window, for which credit is given
/// back as the client takes it: so a client that is slow stalls its stream at the runtime, and nothing else.
/// </summary>
internal sealed class HeldReply(ForwardedCall forwarded, LiftedCall call)
{
    private readonly Lock _gate = new();
    private readonly ByteQueue _octets = new();
    private CallMetadata? _trailers;
    private GrpcStatus _status;
    private bool _holding;

    /// <summary>Holds octets, and writes them once there is credit.</summary>
    public void Begin(ReadOnlySpan<byte> octets, Task credit)
    {
        lock (_gate)
        {
            _holding = true;
            _octets.Append(octets);
        }

        _ = WriteAsync(credit);
    }

    /// <summary>Holds octets behind others; false when there are none.</summary>
    public bool TryFollow(ReadOnlySpan<byte> octets)
    {
        lock (_gate)
        {
            if (_holding)
                _octets.Append(octets);
            return _holding;
        }
    }

    /// <summary>Holds the end of the reply behind octets; false when there are none.</summary>
    public bool TryFollow(CallMetadata trailers, GrpcStatus status)
    {
        lock (_gate)
        {
            if (!_holding)
                return false;
            _trailers = trailers;
            _status = status;
            return true;
        }
    }

    /// <inheritdoc cref="TryFollow(CallMetadata, GrpcStatus)"/>
    public bool TryFollow(HeaderFields trailers, GrpcStatus status)
    {
        lock (_gate)
            return _holding && TryFollow(CallMetadata.Copy(trailers), status);
    }

    private async Task WriteAsync(Task credit)
    {
        while (true)
        {
            await credit;
            int sent;
            bool holding;
            do
            {
                holding = TryWrite(out sent, out credit);
                call.Flush();
                if (sent > 0)
                    forwarded.Channel.ReturnCredit(forwarded, sent);
            }
            while (holding && sent > 0);

            if (holding)
                continue;
            if (_trailers is { } trailers)
                forwarded.Finish(trailers, _status);
            return;
        }
    }

    // False when nothing is held any more: what comes then goes straight to the client.
    private bool TryWrite(out int sent, out Task credit)
    {
        lock (_gate)
        {
            sent = call.TryWrite(_octets.Octets, out credit);
            // The client is gone.
            if (sent < 0)
                _octets.Clear();
            else
                _octets.Consume(sent);
            _holding = _octets.Length > 0;
            return _holding;
        }
    }
}
