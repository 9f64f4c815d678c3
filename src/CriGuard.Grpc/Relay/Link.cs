using System.Net.Sockets;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>
/// What the two directions of one client connection share. Every member is used under <see cref="Gate"/>, which is never held over a read, a write
/// or a wait.
/// </summary>
internal sealed class Link
{
    private bool _greeted;

    public Link(Socket client, RelayOptions options)
    {
        Options = options;
        ToClient = new Outbox(client, Gate);
        // A server says nothing before its SETTINGS (RFC 9113 section 3.4), and they are the runtime's.
        ToClient.Cork();
    }

    public Lock Gate { get; } = new();

    public RelayOptions Options { get; }

    public Outbox ToClient { get; }

    /// <summary>Null when the runtime could not be reached, and once it is lost.</summary>
    public Outbox? ToRuntime { get; set; }

    public StreamTable Streams { get; } = new();

    public ClientWindow ClientWindow { get; } = new();

    public TableSizeNotice TableSize { get; } = new();

    public RequestCredit RequestCredit = new();

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE of the client: for replies.</summary>
    public int ClientInitialWindow { get; set; } = FlowWindow.DefaultSize;

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE of the runtime: for requests.</summary>
    public int RuntimeInitialWindow { get; set; } = FlowWindow.DefaultSize;

    /// <summary>The largest it has been so far: a client may still act on it.</summary>
    public int LargestRuntimeInitialWindow { get; set; } = FlowWindow.DefaultSize;

    /// <summary>The runtime has sent HEADERS or DATA since a ping was passed on to it.</summary>
    public bool RuntimeSpoke { get; set; }

    /// <summary>The last stream that the client was told will be served; <see cref="int.MaxValue"/> before any GOAWAY.</summary>
    public int LastServed { get; set; } = int.MaxValue;

    /// <summary>The last stream that the runtime takes.</summary>
    public int LastTaken { get; set; } = int.MaxValue;

    /// <summary>Why the runtime cannot be reached; null while it can, or could.</summary>
    public string? Unreachable { get; set; }

    /// <summary>The connection is over: whatever comes is dropped.</summary>
    public bool Over { get; private set; }

    /// <summary>Handlers that run, those of streams that are gone included.</summary>
    public int Serving { get; set; }

    /// <summary>Octets of requests held for this connection.</summary>
    public long Collected { get; set; }

    /// <summary>Set while the runtime may be read on.</summary>
    public Signal HeldRoom { get; } = new();

    /// <summary>Lets out what waits for the server's first SETTINGS, behind them.</summary>
    public void Greet(ReadOnlySpan<byte> settings)
    {
        if (_greeted)
        {
            ToClient.Pending.Append(settings);
            return;
        }

        _greeted = true;
        ToClient.Uncork(settings);
    }

    /// <summary>Greets in the place of a runtime that has not, and will not in time.</summary>
    public void GreetAnyway()
    {
        if (!_greeted)
            Greet([0, 0, 0, (byte)FrameType.Settings, 0, 0, 0, 0, 0]);
    }

    public bool IsGreeted => _greeted;

    public void ResetForClient(int streamId, ErrorCode code) =>
        FrameWriter.WriteRstStream(ToClient.Answer(FrameWriter.RstStreamSize), streamId, code);

    /// <summary>Tells the client, once or again with a lower stream, to open no more streams here (RFC 9113 section 6.8).</summary>
    public void GoAway(int last, ErrorCode code, ReadOnlySpan<byte> debug)
    {
        LastServed = Math.Min(LastServed, last);
        var output = ToClient.Pending;
        output.Advance(FrameWriter.WriteGoAway(output.GetSpan(FrameWriter.GoAwaySize(debug.Length)), LastServed, code, debug));
    }

    /// <summary>
    /// Ends the connection when no more streams can come and none is left. The client closes it once it has read GOAWAY: one that finds the end
    /// while it begins a call cannot tell that the call was not taken. What does not close in time is closed.
    /// </summary>
    public void CloseIfDone()
    {
        if (LastServed == int.MaxValue || Streams.Count > 0 || ClientWindow.Held.Any || Over)
            return;
        EndServing();
        _ = Task.Delay(Options.FarewellTimeout, Options.Time).ContinueWith(_ => EndReplies(), TaskScheduler.Default);
    }

    /// <summary>Ends the connection once the client has read what is said to it.</summary>
    public void CloseWhenSaid()
    {
        EndServing();
        ToClient.CloseWhenEmpty();
    }

    /// <summary>Ends the connection now.</summary>
    public void Close()
    {
        Over = true;
        HeldRoom.Set();
        ToClient.Close();
        ToRuntime?.Close();
    }

    private void EndServing()
    {
        Over = true;
        HeldRoom.Set();
        GreetAnyway();
        ToRuntime?.Close();
    }

    private void EndReplies()
    {
        lock (Gate)
            ToClient.CloseWhenEmpty();
    }
}
