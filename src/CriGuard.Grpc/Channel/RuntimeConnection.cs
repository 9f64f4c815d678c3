using System.Net;
using System.Net.Sockets;
using System.Text;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// One connection to the runtime and the thread that dials it and reads it. Calls are sent by whoever makes them; before the runtime is reached
/// they wait in the outbox.
/// </summary>
internal sealed class RuntimeConnection
{
    private readonly Socket _socket;
    private readonly ReplyFrames _replies;
    private bool _reached;
    private bool _retired;
    private bool _over;

    private RuntimeConnection(RuntimeChannel channel, Socket socket)
    {
        _socket = socket;
        Channel = channel;
        Output = new Outbox(socket, channel.Gate);
        Output.Cork();
        Output.Pending.Append(Preface.Bytes);
        _replies = new ReplyFrames(this);
        _replies.Greet();
        Streams = new RequestStreams(Output) { Next = channel.FirstStream };
        Output.Drained = Streams.Advance;
    }

    /// <summary>A connection that takes calls at once, and is dialled meanwhile.</summary>
    public static RuntimeConnection Start(RuntimeChannel channel, EndPoint endpoint)
    {
        var connection = new RuntimeConnection(channel, new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified));
        SocketThread.Start("criguard-calls", () => connection.Run(endpoint));
        return connection;
    }

    public RuntimeChannel Channel { get; }

    public Outbox Output { get; }

    public RequestStreams Streams { get; }

    /// <summary>The error with which the runtime said that it ends the connection (RFC 9113 section 6.8).</summary>
    public ErrorCode Farewell { get; set; }

    /// <summary>Under the lock: whether it takes new calls.</summary>
    public bool TakesCalls => !_retired && !_over && Streams.HasNext;


    /// <summary>Under the lock: takes no more calls, and ends with the last of those it has.</summary>
    public void Retire()
    {
        _retired = true;
        CloseIfDone();
    }

    /// <summary>Under the lock.</summary>
    public void Add(RuntimeCall call)
    {
        call.Connection = this;
        Streams.Add(call);
    }

    /// <summary>Under the lock: forgets a call, and tells the runtime why where that is due; false when somebody else has done so.</summary>
    public bool TryRemove(RuntimeCall call, ErrorCode? reset)
    {
        if (call.Connection != this)
            return false;
        Streams.Remove(call, reset);
        CloseIfDone();
        return true;
    }

    /// <summary>Under the lock: octets of a reply are out of our hands (RFC 9113 section 6.9).</summary>
    public void ReturnCredit(RuntimeCall call, int octets)
    {
        call.Owed += octets;
        if (call.Connection != this || call.Owed < RequestStreams.ReplyWindow / 2)
            return;
        FrameWriter.WriteWindowUpdate(Output.Answer(FrameWriter.WindowUpdateSize), call.StreamId, call.Owed);
        call.ReplyWindow.Grant(call.Owed);
        call.Owed = 0;
    }

    /// <summary>Under the lock: ends the connection now; its calls are the caller's.</summary>
    public List<RuntimeCall> Close()
    {
        _over = true;
        Output.Close();
        return Streams.TakeAbove(0);
    }

    /// <summary>What becomes of a call when the connection ends before its reply.</summary>
    public GrpcStatus Lost(string cause) => Farewell is ErrorCode.NoError
        ? RuntimeFailure.Unavailable(Channel.Name, $"does not answer: {cause}")
        : RuntimeFailure.Unavailable(Channel.Name, $"closed the connection: {Farewell}");

    private void Run(EndPoint endpoint)
    {
        var cause = "connection closed";
        try
        {
            _socket.Connect(endpoint);
            _reached = true;
            Read();
        }
        catch (SocketException e)
        {
            cause = RuntimeFailure.Cause(e);
        }
        catch (ConnectionFaultException fault)
        {
            cause = $"not understood: {fault.Message}";
            SayGoodbye(fault);
        }
        catch (Exception e)
        {
            // A fault of ours must not take the process along.
            cause = $"internal error: {e.Message}";
        }
        finally
        {
            Settle(Lost(cause));
        }
    }

    private void Read()
    {
        lock (Channel.Gate)
        {
            if (_over)
                return;
            Output.Uncork([]);
        }

        Output.Flush(patient: false);
        using var reader = new FrameReader(_socket);
        while (reader.TryFill())
        {
            lock (Channel.Gate)
                Output.CheckAnswers();
            while (reader.TryNext(out var header, out var frame))
                _replies.Take(header, frame);
            _replies.LetGo();
            Output.Flush(patient: false);
        }
    }

    // Sent if the runtime reads and nobody else is writing just now; it is owed no more than that (RFC 9113 section 5.4.1).
    private void SayGoodbye(ConnectionFaultException fault)
    {
        var debug = Encoding.UTF8.GetBytes(fault.Message);
        lock (Channel.Gate)
            Output.Pending.Advance(FrameWriter.WriteGoAway(Output.Pending.GetSpan(FrameWriter.GoAwaySize(debug.Length)), 0, fault.Code, debug));
        Output.Flush(patient: false);
    }

    private void Settle(GrpcStatus status)
    {
        _replies.LetGo();
        List<RuntimeCall> calls;
        lock (Channel.Gate)
        {
            calls = Close();
            Channel.Forget(this);
        }

        Output.WaitUntilIdle();
        foreach (var call in calls)
        {
            // Its headers never left: the connection was dead before.
            if (_reached && call.HeadersEnd > Output.Written)
                Channel.TryAgain(call, status);
            else
                call.Fail(status);
        }

        lock (Channel.Gate)
            Streams.Release();
        _replies.Release();
        Output.Release();
        _socket.Dispose();
    }

    private void CloseIfDone()
    {
        if (!_retired || !Streams.IsEmpty || _over)
            return;
        _over = true;
        Output.Close();
    }
}
