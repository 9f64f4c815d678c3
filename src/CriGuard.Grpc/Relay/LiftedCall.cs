using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

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

    /// <summary>Ends the call with a status and nothing else (trailers-only), or with trailers when headers have been sent.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the reply any more.</exception>
    public ValueTask RefuseAsync(GrpcStatus status) => FinishAsync(StatusTrailers.Write(status));

    /// <summary>Sends response headers. <c>:status</c> is written here, <c>content-type</c> if it is not among them.</summary>
    /// <exception cref="OperationCanceledException">Nobody waits for the reply any more.</exception>
    public ValueTask StartAsync(CallMetadata headers)
    {
        ThrowIfEnded(_replies.TryStart(_stream, headers));
        Flush();
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
            var sent = TryWrite(octets.Span, out var credit);
            Flush();
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
        ThrowIfEnded(TryFinish(trailers));
        Flush();
        return ValueTask.CompletedTask;
    }

    /// <summary>As <see cref="StartAsync"/>, with what the runtime sent. Nothing leaves before <see cref="Flush"/>; never waits.</summary>
    internal void TryStart(HeaderFields headers) => _replies.TryStart(_stream, headers);

    /// <summary>
    /// Sends as much as the client's windows allow and says how much; with none, <paramref name="credit"/> completes when it is worth another try.
    /// Negative when nobody waits for the reply any more. Nothing leaves before <see cref="Flush"/>; never waits.
    /// </summary>
    internal int TryWrite(ReadOnlySpan<byte> octets, out Task credit) => _replies.TryWrite(_stream, octets, out credit);

    /// <inheritdoc cref="TryFinish(CallMetadata)"/>
    internal bool TryFinish(HeaderFields trailers) => _replies.TryEnd(_stream, trailers);

    /// <summary>
    /// As <see cref="FinishAsync"/>; false when nobody waits for the reply any more. Nothing leaves before <see cref="Flush"/>; never waits.
    /// </summary>
    internal bool TryFinish(CallMetadata trailers) => _replies.TryEnd(_stream, trailers);

    /// <summary>Lets go what was sent.</summary>
    internal void Flush() => _replies.Flush();

    private void ThrowIfEnded(bool sent)
    {
        if (!sent)
            throw new OperationCanceledException($"call `{Path}` has ended already", Cancelled);
    }
}
