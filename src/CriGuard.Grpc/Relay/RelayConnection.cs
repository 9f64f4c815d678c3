using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// One connection of a client, relayed over one connection of its own to the runtime by two threads with blocking sockets, one for each direction.
/// </summary>
public sealed class RelayConnection
{
    private readonly Socket _client;
    private readonly Link _link;
    private readonly LiftedReplies _replies;
    private readonly LiftedRequests _requests;
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Socket? _runtime;
    private int _threads = 1;

    private RelayConnection(Socket client, RelayOptions options, LiftedCallHandler handler)
    {
        _client = client;
        _link = new Link(client, options);
        _replies = new LiftedReplies(_link);
        _requests = new LiftedRequests(_link, _replies, handler);
        _link.ToClient.Drained = _replies.WakeWaiting;
        _link.ToClient.Failed = Abort;
    }

    /// <summary>Completes when both sockets are closed and both threads are done; handlers of cancelled calls may still run. Never fails.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Takes over a connected blocking socket, dials the runtime and relays until either side ends.</summary>
    public static RelayConnection Start(Socket client, RelayOptions options, LiftedCallHandler handler)
    {
        var connection = new RelayConnection(client, options, handler);
        SocketThread.Start("criguard-up", connection.RelayRequests);
        return connection;
    }

    /// <summary>
    /// Sends GOAWAY; open streams finish, then the connection ends as soon as its client closes it. Those that never end are ended here (<see
    /// cref="RelayOptions.NeverEnds"/>); one that takes too long needs <see cref="Abort"/> after a while.
    /// </summary>
    public void Drain()
    {
        lock (_link.Gate)
        {
            if (_link.Over)
                return;
            _link.GoAway(_link.Streams.Highest, ErrorCode.NoError, "shutting down"u8);
            EndTheEndless();
            _link.CloseIfDone();
        }

        _link.ToRuntime?.Flush(patient: false);
        _link.ToClient.Flush(patient: false);
    }

    /// <summary>Ends the connection on both sides now; lifted calls are cancelled.</summary>
    public void Abort()
    {
        lock (_link.Gate)
            _link.Close();
    }

    // Behind GOAWAY, so that the client asks again on another connection.
    private void EndTheEndless()
    {
        foreach (var (id, state) in _link.Streams.Relayed.Where(static s => s.Value.HasFlag(RelayedState.NeverEnds)).ToArray())
        {
            new OwedReply(_link).Answer(id, state, new GrpcStatus(StatusCode.Unavailable, "criguard: starts anew: ask again"));
            _link.Streams.EndHere(id);
            if (_link.ToRuntime is { } runtime)
                FrameWriter.WriteRstStream(runtime.Answer(FrameWriter.RstStreamSize), id, ErrorCode.Cancel);
        }
    }

    // Client to runtime.
    private void RelayRequests()
    {
        var frames = new ClientFrames(_link, _requests, _replies);
        var dial = new RuntimeDial(_link);
        using var reader = new FrameReader(_client);
        try
        {
            if (dial.TryConnect() is { } runtime)
                StartReplies(runtime);
            if (!TryReadPreface(reader))
            {
                Abort();
                return;
            }

            do
            {
                // The client has GOAWAY: what it still sends it will send again elsewhere, and then it closes.
                if (_link.Over)
                {
                    reader.Discard();
                    continue;
                }

                dial.Probe();
                while (!TryTakeAll(frames, reader))
                    continue;
            }
            while (reader.TryFill());
            Abort();
        }
        catch (ConnectionFaultException fault)
        {
            Reject(fault);
        }
        catch (Exception e)
        {
            // A fault of ours must not take the other connections along.
            _link.Options.ConnectionFailed?.Invoke(e);
            Reject(new ConnectionFaultException(ErrorCode.InternalError, "internal error"));
        }
        finally
        {
            frames.Release();
            EndThread();
        }
    }

    // False when the runtime has had all that it has room for: header blocks may be a thousand times as long there as they were here.
    private bool TryTakeAll(ClientFrames frames, FrameReader reader)
    {
        var full = false;
        lock (_link.Gate)
        {
            _link.ToClient.CheckAnswers();
            while (!full && reader.TryNext(out var header, out var frame))
            {
                frames.Take(header, frame);
                full = _link.ToRuntime is { HasRoom: false };
            }

            frames.ReturnCredit();
        }

        // Not patient: whoever waits here for the runtime does not see the client go.
        var runtime = _link.ToRuntime;
        runtime?.Flush(patient: false);
        _link.ToClient.Flush(patient: false);
        runtime?.WaitForRoom();
        return !full;
    }

    // Runtime to client.
    private void RelayReplies()
    {
        var frames = new RuntimeFrames(_link, _requests);
        using var reader = new FrameReader(_runtime!);
        var cause = "connection closed";
        try
        {
            while (reader.TryFill())
            {
                lock (_link.Gate)
                {
                    while (reader.TryNext(out var header, out var frame))
                        frames.Take(header, frame);
                    if (_link.ClientWindow.Held.Octets >= _link.Options.MaxHeld && !_link.Over)
                        _link.HeldRoom.Reset();
                    _link.CloseIfDone();
                }

                _link.ToClient.Flush(patient: true);
                _link.ToClient.WaitForRoom();
                _link.HeldRoom.Wait();
            }
        }
        catch (ConnectionFaultException fault)
        {
            cause = $"not understood: {fault.Message}";
        }
        catch (Exception e)
        {
            _link.Options.ConnectionFailed?.Invoke(e);
            cause = "internal error";
        }
        finally
        {
            lock (_link.Gate)
                new RuntimeLoss(_link).Settle(cause);
            _link.ToClient.Flush(patient: true);
            frames.Release();
            EndThread();
        }
    }

    private void StartReplies(Socket runtime)
    {
        _runtime = runtime;
        lock (_link.Gate)
            _link.ToRuntime = new Outbox(runtime, _link.Gate) { Failed = LoseRuntime };
        Interlocked.Increment(ref _threads);
        SocketThread.Start("criguard-down", RelayReplies);
    }

    private bool TryReadPreface(FrameReader reader)
    {
        _client.ReceiveTimeout = (int)_link.Options.PrefaceTimeout.TotalMilliseconds;
        while (reader.TryFill())
        {
            switch (reader.TryTake(Preface.Bytes))
            {
                case false:
                    throw new ConnectionFaultException(ErrorCode.ProtocolError, "no HTTP/2 preface");
                case true:
                    _client.ReceiveTimeout = 0;
                    lock (_link.Gate)
                        _link.ToRuntime?.Pending.Append(Preface.Bytes);
                    return true;
                default:
                    continue;
            }
        }

        return false;
    }

    // GOAWAY is sent if the client reads; it is owed no more than that (RFC 9113 section 5.4.1).
    private void Reject(ConnectionFaultException fault)
    {
        lock (_link.Gate)
        {
            _link.GoAway(_link.Streams.Highest, fault.Code, System.Text.Encoding.UTF8.GetBytes(fault.Message));
            _link.CloseWhenSaid();
        }

        _link.ToClient.Flush(patient: false);
        if (!_client.Poll(0, SelectMode.SelectWrite))
            Abort();
    }

    // The thread that reads the runtime wakes, and settles what is open.
    private void LoseRuntime()
    {
        lock (_link.Gate)
            _link.ToRuntime?.Close();
    }

    private void EndThread()
    {
        if (Interlocked.Decrement(ref _threads) > 0)
            return;
        _link.ToClient.WaitUntilIdle();
        _link.ToRuntime?.WaitUntilIdle();
        lock (_link.Gate)
        {
            foreach (var stream in _link.Streams.Lifted.ToArray())
                _replies.Cancel(stream);
            _link.ClientWindow.Held.Release();
            _replies.Release();
        }

        _link.ToClient.Release();
        _client.Dispose();
        _runtime?.Dispose();
        _completion.TrySetResult();
    }
}
