using CriGuard.Grpc.Calls;

namespace CriGuard.Daemon.Judging;

/// <summary>A call cannot be decided: the request cannot be read, or the runtime does not tell what must be known. It is answered with the status and never forwarded.</summary>
internal sealed class CannotJudgeException(GrpcStatus status) : Exception(status.Message)
{
    public GrpcStatus Status { get; } = status;

    /// <summary>The request's bytes are no message of that method: what grpc-go answers to its own clients.</summary>
    public static CannotJudgeException Unreadable(string method) =>
        new(new GrpcStatus(StatusCode.Internal, $"criguard: cannot read the request of `{method}`: it is not a valid message of this method"));
}
