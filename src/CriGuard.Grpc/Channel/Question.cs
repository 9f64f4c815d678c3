using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Channel;

/// <summary>A unary call of CriGuard's own: its reply is collected.</summary>
internal sealed class Question(
    RuntimeChannel channel, string path, CallMetadata? headers, ReadOnlyMemory<byte> message, CancellationToken cancelled)
    : RuntimeCall(channel, path, headers, message)
{
    private readonly TaskCompletionSource<RuntimeReply> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MessageCollector _reply = new(RuntimeChannel.MaxReplyMessage);
    private GrpcStatus? _refusal;
    private GrpcStatus? _status;

    public Task<RuntimeReply> Answer => _answer.Task;

    public override void Start(HeaderFields headers)
    {
    }

    public override int Receive(ReadOnlySpan<byte> octets)
    {
        _refusal ??= _reply.Append(octets);
        return octets.Length;
    }

    public override void End(HeaderFields trailers, GrpcStatus status) => _status = status;

    public override void Complete()
    {
        if (_status is not { } status)
            return;
        if (status.IsOk && (_refusal ?? _reply.End()) is not null)
            status = new GrpcStatus(StatusCode.Internal, $"criguard: runtime {Channel.Name} answered `{Path}` with other than one message");
        Answered(new RuntimeReply(status, status.IsOk ? _reply.Message : default));
    }

    public override void Fail(GrpcStatus status) => Answered(new RuntimeReply(status, default));

    public override void Abandon()
    {
        Release();
        _answer.TrySetCanceled(cancelled);
    }

    private void Answered(RuntimeReply reply)
    {
        Release();
        _answer.TrySetResult(reply);
    }
}
