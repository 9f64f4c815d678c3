using CriGuard.Grpc.Calls;

namespace CriGuard.Grpc.Relay;

/// <summary>One lifted call: its request as the client sent it, and the way back.</summary>
public sealed class LiftedCall
{
    private readonly LiftedStream _stream;
    private readonly LiftedReplies _replies;

    internal LiftedCall(LiftedStream stream, LiftedReplies replies)
    {
        _stream = stream;
        _replies = replies;
    }

    /// <summary>The <c>:path</c>: <c>/package.Service/Method</c>.</summary>
    public string Path => _stream.Path;

    /// <summary>As sent and in their order, without pseudo-headers and those that are for one hop only.</summary>
    public CallMetadata Headers => _stream.Headers;

    /// <summary>The caller's <c>grpc-timeout</c>, counted from the headers; null when it waits for ever.</summary>
    public TimeSpan? Timeout => _stream.Timeout;

    /// <summary>Cancelled when nobody waits for the reply any more: stream reset, connection lost, deadline passed.</summary>
    public CancellationToken Cancelled => _stream.Cancellation.Token;

    /// <summary>The deadline has passed: the client has DEADLINE_EXCEEDED, unless it had its answer before.</summary>
    public bool Expired => _stream.Expired;

    /// <summary>The one request message, without its prefix.</summary>
    public ReadOnlyMemory<byte> Message => _stream.Request.Message;

    /// <summary>
    /// Headers and messages wait for <see cref="Flush"/>, for the end, or until nothing more can be sent, so that a short reply costs one write.
    /// </summary>
    internal bool Corked { get; set; }

    internal void Flush() => _replies.Flush();

    /// <summary>Ends the call with a status and nothing else (trailers-only), or with trailers when headers have been sent.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the reply any more.</exception>
    public ValueTask RefuseAsync(GrpcStatus status) => FinishAsync(StatusTrailers.Write(status));

    /// <summary>Sends response headers. <c>:status</c> is written here, <c>content-type</c> if it is not among them.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the reply any more.</exception>
    public ValueTask StartAsync(CallMetadata headers)
    {
        ThrowIfEnded(_replies.TryStart(_stream, headers, flush: !Corked));
        return ValueTask.CompletedTask;
    }

    /// <summary>Sends octets of the reply, message prefixes included, in pieces of any size, as the client's windows allow.</summary>
    /// <exception cref="OperationCanceledException">
    /// Nobody waits for the reply any more, or <paramref name="cancellation"/> was asked for.
    /// </exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> octets, CancellationToken cancellation)
    {
        while (!octets.IsEmpty)
        {
            var sent = _replies.TryWrite(_stream, octets.Span, flush: !Corked, out var credit);
            ThrowIfEnded(sent >= 0);
            octets = octets[sent..];
            if (sent == 0)
                await credit.WaitAsync(cancellation);
        }
    }

    /// <summary>Ends the call with these trailers; they hold <c>grpc-status</c>. Without headers before, they are the only header block.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the reply any more.</exception>
    public ValueTask FinishAsync(CallMetadata trailers)
    {
        ThrowIfEnded(_replies.TryEnd(_stream, trailers));
        return ValueTask.CompletedTask;
    }

    private void ThrowIfEnded(bool sent)
    {
        if (!sent)
            throw new OperationCanceledException($"call `{Path}` has ended already", Cancelled);
    }
}
