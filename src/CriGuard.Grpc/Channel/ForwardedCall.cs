using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Channel;

/// <summary>A lifted call that goes on: its reply is written to the client's stream by the thread that reads it from the runtime.</summary>
/// <param name="channel">The way to the runtime.</param>
/// <param name="call">The way back.</param>
/// <param name="message">The request, changed or not.</param>
/// <param name="minded">Whether anything is made of the answer: then that is done elsewhere, and the first message is kept.</param>
internal sealed class ForwardedCall(RuntimeChannel channel, LiftedCall call, ReadOnlyMemory<byte> message, bool minded)
    : RuntimeCall(channel, call.Path, call.Headers, message)
{
    private readonly TaskCompletionSource<ForwardOutcome> _outcome =
        new(minded ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);

    private readonly FirstMessageCapture? _first = minded ? new() : null;
    private HeldReply? _held;
    private GrpcStatus? _ended;

    public Task<ForwardOutcome> Outcome => _outcome.Task;

    public override void Start(HeaderFields headers) => call.TryStart(headers);

    public override int Receive(ReadOnlySpan<byte> octets)
    {
        _first?.Append(octets);
        if (_held is not null && _held.TryFollow(octets))
            return 0;

        for (var taken = 0; taken < octets.Length;)
        {
            var sent = call.TryWrite(octets[taken..], out var credit);
            // Nobody waits for it any more: the call is about to be abandoned.
            if (sent < 0)
                return octets.Length;
            if (sent == 0)
            {
                _held ??= new HeldReply(this, call);
                _held.Begin(octets[taken..], credit);
                return taken;
            }

            taken += sent;
        }

        return octets.Length;
    }

    public override void End(HeaderFields trailers, GrpcStatus status)
    {
        if (_held is not null && _held.TryFollow(trailers, status))
            return;
        _ended = call.TryFinish(trailers) ? status : Nobody();
    }

    public override void Flush() => call.Flush();

    public override void Complete()
    {
        if (_ended is { } status)
            Complete(status, _first?.Message ?? default);
    }

    public override void Fail(GrpcStatus status)
    {
        var trailers = StatusTrailers.Write(status);
        if (_held is null || !_held.TryFollow(trailers, status))
            Finish(trailers, status);
    }

    /// <summary>Without the reader: ends the client's call, behind all that came of the reply.</summary>
    public void Finish(CallMetadata trailers, GrpcStatus status)
    {
        if (call.TryFinish(trailers))
            call.Flush();
        else
            status = Nobody();
        Complete(status, status.IsOk && _first is not null ? _first.Message : default);
    }

    public override void Abandon() => Fail(Nobody());

    private void Complete(GrpcStatus status, ReadOnlyMemory<byte> first)
    {
        Release();
        _outcome.TrySetResult(new ForwardOutcome(status, first, _first is { IsLeftOut: true }));
    }

    private GrpcStatus Nobody() =>
        new(call.Expired ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, "criguard: nobody waits for the reply any more");
}
