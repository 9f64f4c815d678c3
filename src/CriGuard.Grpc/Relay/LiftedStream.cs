using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Relay;

/// <summary>The state of one lifted call's stream; guarded by the connection's lock.</summary>
internal sealed class LiftedStream(int id, string path, CallMetadata headers, TimeSpan? timeout)
{
    public FlowWindow ReplyWindow;
    public FlowWindow RequestWindow;

    public int Id => id;

    public string Path => path;

    public CallMetadata Headers => headers;

    public TimeSpan? Timeout => timeout;

    public required MessageCollector Request { get; init; }

    /// <summary>Octets of the request for which credit is still to be returned.</summary>
    public int Owed { get; set; }

    /// <summary>Octets of headers and request in memory, as they count against the bounds.</summary>
    public int Held { get; set; }

    public int EmptyFrames { get; set; }

    /// <summary>The client has sent END_STREAM.</summary>
    public bool ClientDone { get; set; }

    /// <summary>A handler runs, or is about to.</summary>
    public bool Serving { get; set; }

    /// <summary>Response headers are sent.</summary>
    public bool ReplyStarted { get; set; }

    /// <summary>Nothing can be sent any more: the reply has ended, or the stream was reset.</summary>
    public bool Ended { get; set; }

    /// <summary>The deadline has passed.</summary>
    public bool Expired { get; set; }

    /// <summary>Completes when more of the reply may be sent; null when nobody waits.</summary>
    public TaskCompletionSource? Credit { get; set; }

    public ITimer? Deadline { get; set; }

    public CancellationTokenSource Cancellation { get; } = new();
}
