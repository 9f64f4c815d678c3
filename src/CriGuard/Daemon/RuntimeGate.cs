using CriGuard.Core.Policy;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Relay;
using Google.Protobuf;

namespace CriGuard.Daemon;

/// <summary>The only way from a lifted call to the runtime: it takes a permit, or it is a question of CriGuard's own.</summary>
internal sealed class RuntimeGate(UnixEndpoint endpoint) : IDisposable
{
    private readonly RuntimeChannel _channel = new(endpoint.Path);

    /// <summary>Forwards a call that was decided and writes the runtime's answer back to the client.</summary>
    public Task<ForwardOutcome> ForwardAsync(Permit permit, LiftedCall call, ReadOnlyMemory<byte> message)
    {
        ArgumentNullException.ThrowIfNull(permit);
        return _channel.ForwardAsync(call, message);
    }

    /// <summary>Asks the runtime one of its read-only methods, in the CRI version that the client speaks.</summary>
    /// <param name="service">Path up to the method: `/runtime.v1.RuntimeService/`.</param>
    /// <param name="method">A method that reads.</param>
    /// <param name="question">The request.</param>
    /// <param name="cancelled">Ends when the client's call does.</param>
    /// <exception cref="CannotJudgeException">The runtime answered with an error: the client is given the same.</exception>
    public async Task<ReadOnlyMemory<byte>> AskAsync(string service, string method, IMessage question, CancellationToken cancelled)
    {
        var reply = await _channel.CallAsync(service + method, question.ToByteArray(), headers: null, cancelled);
        return reply.Status.IsOk ? reply.Message : throw new CannotJudgeException(reply.Status);
    }

    public void Dispose() => _channel.Dispose();
}
