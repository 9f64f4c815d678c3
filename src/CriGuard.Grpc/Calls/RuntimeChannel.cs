using System.Net.Sockets;
using CriGuard.Grpc.Channel;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Calls;

/// <summary>
/// CriGuard's own client to the runtime: for lifted calls that go on, and for questions of its own. All share one connection, which is dialled at
/// the first call and anew at the first one after its end.
/// </summary>
public sealed class RuntimeChannel(string socketPath) : IDisposable
{
    /// <summary>Octets of the largest answer to a question of CriGuard's own.</summary>
    internal const int MaxReplyMessage = (64 * 1024 * 1024) + (64 * 1024);

    private readonly UnixDomainSocketEndPoint _endpoint = new(socketPath);

    // The last takes new calls; those before it have been told that they end, and end with their calls.
    private readonly List<RuntimeConnection> _connections = [];
    private bool _disposed;

    /// <summary>What the calls and the connections share is used under it; it is never held over a read, a write or a wait.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>As messages name it.</summary>
    internal string Name { get; } = $"unix://{socketPath}";

    /// <summary>The first stream of every connection.</summary>
    internal int FirstStream { get; init; } = 1;

    /// <summary>A unary call. Fails only by <paramref name="cancellation"/>: a runtime that is not there is the status UNAVAILABLE.</summary>
    public Task<RuntimeReply> CallAsync(string path, ReadOnlyMemory<byte> message, CallMetadata? headers, CancellationToken cancellation)
    {
        var question = new Question(this, path, headers, message, cancellation);
        question.AbandonOn(cancellation);
        Begin(question);
        return question.Answer;
    }

    /// <summary>
    /// Makes a lifted call with <paramref name="message"/> as its request and gives the reply to the client as it comes. Never fails: the client has
    /// its answer whatever the outcome. The status is CANCELLED when it went away before, and DEADLINE_EXCEEDED when its deadline passed.
    /// </summary>
    public Task<ForwardOutcome> ForwardAsync(LiftedCall call, ReadOnlyMemory<byte> message) => ForwardAsync(call, message, minded: true);

    /// <summary>
    /// As <see cref="ForwardAsync(LiftedCall, ReadOnlyMemory{byte})"/> with the request as it came, for whoever makes nothing of the answer: what
    /// awaits this goes on in the thread that reads the runtime, which saves the call a hand-over, and must not keep it.
    /// </summary>
    public Task PassOnAsync(LiftedCall call) => ForwardAsync(call, call.Message, minded: false);

    /// <summary>Ends all connections; calls that are open are UNAVAILABLE.</summary>
    public void Dispose()
    {
        List<RuntimeCall> calls;
        lock (Gate)
        {
            _disposed = true;
            calls = [.. _connections.SelectMany(connection => connection.Close())];
        }

        foreach (var call in calls)
            call.Fail(Closed());
    }

    /// <summary>A call that the runtime has certainly not taken: tried once more, on another connection if need be.</summary>
    internal void TryAgain(RuntimeCall call, GrpcStatus otherwise)
    {
        if (call.TriedAgain || call.HttpStatus != 0)
        {
            call.Fail(otherwise);
            return;
        }

        call.Rewind();
        Begin(call);
    }

    /// <summary>Nobody waits for a call any more. One that is between two connections is stopped before the second.</summary>
    internal void Abandon(RuntimeCall call)
    {
        RuntimeConnection? connection;
        lock (Gate)
        {
            call.Abandoned = true;
            connection = call.Connection;
            connection?.TryRemove(call, ErrorCode.Cancel);
        }

        if (connection is null)
            return;
        connection.Output.Flush(patient: false);
        call.Abandon();
    }

    /// <summary>Octets of a reply that were kept are out of our hands.</summary>
    internal void ReturnCredit(RuntimeCall call, int octets)
    {
        RuntimeConnection? connection;
        lock (Gate)
        {
            connection = call.Connection;
            connection?.ReturnCredit(call, octets);
        }

        connection?.Output.Flush(patient: false);
    }

    /// <summary>Under the lock: a connection has ended.</summary>
    internal void Forget(RuntimeConnection connection) => _connections.Remove(connection);

    private Task<ForwardOutcome> ForwardAsync(LiftedCall call, ReadOnlyMemory<byte> message, bool minded)
    {
        var forwarded = new ForwardedCall(this, call, message, minded);
        forwarded.AbandonOn(call.Cancelled);
        Begin(forwarded);
        return forwarded.Outcome;
    }

    private void Begin(RuntimeCall call)
    {
        RuntimeConnection? connection = null;
        lock (Gate)
        {
            if (!_disposed && !call.Abandoned)
            {
                connection = Connection();
                connection.Add(call);
            }
        }

        if (connection is not null)
            connection.Output.Flush(patient: false);
        else if (call.Abandoned)
            call.Abandon();
        else
            call.Fail(Closed());
    }

    private RuntimeConnection Connection()
    {
        if (_connections is [.., var last])
        {
            if (last.TakesCalls)
                return last;
            last.Retire();
        }

        var connection = RuntimeConnection.Start(this, _endpoint);
        _connections.Add(connection);
        return connection;
    }

    private GrpcStatus Closed() => RuntimeFailure.Unavailable(Name, "is not called any more: criguard is shutting down");
}
