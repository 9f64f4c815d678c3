using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// One call to the runtime. Its request is sent under the channel's lock; its reply is taken by the thread that reads the runtime, without the
/// lock and without ever waiting. Whoever removes the call from its connection ends it, and nobody else does.
/// </summary>
internal abstract class RuntimeCall(RuntimeChannel channel, string path, CallMetadata? headers, ReadOnlyMemory<byte> message)
{
    public FlowWindow RequestWindow;
    public FlowWindow ReplyWindow;
    private CancellationTokenRegistration _cancellation;
    private int _sent;

    public RuntimeChannel Channel => channel;

    public string Path => path;

    public CallMetadata? Headers => headers;

    /// <summary>The connection that has it; null before, between two, and after.</summary>
    public RuntimeConnection? Connection { get; set; }

    /// <summary>0 while it waits for a stream.</summary>
    public int StreamId { get; private set; }

    /// <summary>Where its HEADERS end in all that its connection ever sends.</summary>
    public long HeadersEnd { get; set; } = long.MaxValue;

    /// <summary>Its place among those that wait to be opened, then among those that have something to send.</summary>
    public LinkedListNode<RuntimeCall> Place => field ??= new LinkedListNode<RuntimeCall>(this);

    /// <summary>Nobody waits for the reply any more.</summary>
    public bool Abandoned { get; set; }

    /// <summary>It is on its second connection, or has been.</summary>
    public bool TriedAgain { get; set; }

    /// <summary>Octets of the reply for which credit is still to be returned.</summary>
    public int Owed { get; set; }

    /// <summary>Octets of the request, prefix included, that are still to be sent.</summary>
    public int Unsent => MessageFraming.PrefixSize + message.Length - _sent;

    /// <summary>The reader's alone: the <c>:status</c> of a reply that has begun; 0 before.</summary>
    public int HttpStatus { get; set; }

    /// <summary>The reader's alone: it has something to let go when the frames that are there are taken.</summary>
    public bool Touched { get; set; }

    /// <summary>Before it begins: when nobody will wait for it any more.</summary>
    public void AbandonOn(CancellationToken cancelled) =>
        _cancellation = cancelled.UnsafeRegister(static state => ((RuntimeCall)state!).Channel.Abandon((RuntimeCall)state), this);

    /// <summary>Under the lock: it has a stream.</summary>
    public void Open(int streamId, int requestWindow, int replyWindow)
    {
        StreamId = streamId;
        RequestWindow = new FlowWindow(requestWindow);
        ReplyWindow = new FlowWindow(replyWindow);
        Owed = 0;
        _sent = 0;
    }

    /// <summary>Under the lock: the next octets of the request, as many as fit.</summary>
    public void Send(Span<byte> destination)
    {
        if (_sent < MessageFraming.PrefixSize)
        {
            Span<byte> prefix = stackalloc byte[MessageFraming.PrefixSize];
            MessageFraming.Write(prefix, message.Length);
            destination = Send(prefix[_sent..], destination);
        }

        if (!destination.IsEmpty)
            Send(message.Span[(_sent - MessageFraming.PrefixSize)..], destination);
    }

    private Span<byte> Send(scoped ReadOnlySpan<byte> octets, Span<byte> destination)
    {
        var count = Math.Min(octets.Length, destination.Length);
        octets[..count].CopyTo(destination);
        _sent += count;
        return destination[count..];
    }

    /// <summary>Back to the beginning, for another connection.</summary>
    public void Rewind()
    {
        StreamId = 0;
        HeadersEnd = long.MaxValue;
        TriedAgain = true;
    }

    /// <summary>The reader: the reply begins.</summary>
    public abstract void Start(HeaderFields headers);

    /// <summary>The reader: octets of the reply. Returns how many are out of our hands; the others are given back as credit when they are.</summary>
    public abstract int Receive(ReadOnlySpan<byte> octets);

    /// <summary>The reader: the reply ends with these trailers, or is nothing but them.</summary>
    public abstract void End(HeaderFields trailers, GrpcStatus status);

    /// <summary>The reader, when it has taken all frames that are there: lets go what was received since.</summary>
    public virtual void Flush()
    {
    }

    /// <summary>The reader, after <see cref="Flush"/>: tells of the end, if there was one.</summary>
    public abstract void Complete();

    /// <summary>The call ends without a reply, or without the rest of it.</summary>
    public abstract void Fail(GrpcStatus status);

    /// <summary>The call ends because nobody waits for it.</summary>
    public abstract void Abandon();

    protected void Release() => _cancellation.Unregister();
}
