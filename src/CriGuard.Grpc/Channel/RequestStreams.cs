using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>
/// The streams of one connection to the runtime: opened in turn as the runtime allows, their requests sent as its windows do. Every member is used
/// under the channel's lock.
/// </summary>
internal sealed class RequestStreams(Outbox output)
{
    /// <summary>
    /// Octets of a reply that may be on their way or wait for a client: what is read at once, twice, so that one half comes while credit for the
    /// other is given back.
    /// </summary>
    public const int ReplyWindow = 128 * 1024;

    // Streams before the runtime has said how many it takes; fewer are not recommended (RFC 9113 section 6.5.2).
    private const int UntoldStreams = 100;

    private readonly Dictionary<int, RuntimeCall> _open = [];
    private readonly LinkedList<RuntimeCall> _waiting = new();
    private readonly LinkedList<RuntimeCall> _sending = new();
    private readonly RequestBlock _block = new();
    private FlowWindow _window = new(FlowWindow.DefaultSize);
    private int _initialWindow = FlowWindow.DefaultSize;
    private long _maxStreams = UntoldStreams;

    /// <summary>The next stream; above 2^31 - 1 there is none (RFC 9113 section 5.1.1).</summary>
    public required long Next { get; set; }

    public bool IsEmpty => _open.Count + _waiting.Count == 0;

    /// <summary>Whether there is a stream for one more call, those that wait for theirs counted.</summary>
    public bool HasNext => Next + (2L * _waiting.Count) <= int.MaxValue;

    /// <summary>Takes a call, and sends what can be sent of it now.</summary>
    public void Add(RuntimeCall call)
    {
        _waiting.AddLast(call.Place);
        Advance();
    }

    public bool TryGet(int streamId, out RuntimeCall call) => _open.TryGetValue(streamId, out call!);

    /// <summary>Whether the stream was ever opened: frames on others are errors (RFC 9113 section 5.1, "idle").</summary>
    public bool WasOpened(int streamId) => streamId % 2 == 1 && streamId < Next;

    /// <summary>Forgets a call. One that has a stream tells the runtime why, if there is something to tell.</summary>
    public void Remove(RuntimeCall call, ErrorCode? reset)
    {
        Take(call);
        if (call.StreamId > 0 && reset is { } code)
            FrameWriter.WriteRstStream(Frame(FrameWriter.RstStreamSize), call.StreamId, code);
        Advance();
    }

    /// <summary>Forgets all calls above a stream, those that wait for one included: the runtime has not taken them.</summary>
    public List<RuntimeCall> TakeAbove(int last)
    {
        List<RuntimeCall> taken = [.. _open.Values.Where(call => call.StreamId > last), .. _waiting];
        taken.ForEach(Take);
        return taken;
    }

    /// <summary>The runtime gives credit (RFC 9113 section 6.9).</summary>
    public ErrorCode Grant(int streamId, int increment)
    {
        var error = ErrorCode.NoError;
        if (streamId == 0)
            error = _window.Grant(increment);
        else if (_open.TryGetValue(streamId, out var call))
            error = Widen(call, call.RequestWindow.Grant(increment));
        Advance();
        return error;
    }

    /// <summary>Takes a setting of the runtime; frames are never larger than the least that it may ask for.</summary>
    public ErrorCode Apply(Setting setting)
    {
        var error = ErrorCode.NoError;
        switch (setting.Id)
        {
            case SettingId.MaxConcurrentStreams:
                _maxStreams = setting.Value;
                break;
            case SettingId.InitialWindowSize:
                var delta = (int)setting.Value - _initialWindow;
                _initialWindow = (int)setting.Value;
                // RFC 9113 section 6.9.2.
                foreach (var call in _open.Values)
                    error = Widen(call, call.RequestWindow.Shift(delta)) is not ErrorCode.NoError and var failed ? failed : error;
                break;
        }

        return error;
    }

    /// <summary>The runtime's first SETTINGS have come: what they do not limit has no limit.</summary>
    public void Unlimit() => _maxStreams = int.MaxValue;

    /// <summary>Opens what waits and sends what can be sent: a stream and a frame in turn, so that neither keeps the other waiting.</summary>
    public void Advance()
    {
        bool opened, sent;
        do
        {
            opened = TryOpen();
            sent = TrySend();
        }
        while (opened || sent);
    }

    public void Release() => _block.Release();

    private bool TryOpen()
    {
        if (_waiting.First is not { Value: var call } || _open.Count >= _maxStreams || !output.HasRoom)
            return false;
        _waiting.RemoveFirst();
        call.Open((int)Next, _initialWindow, ReplyWindow);
        Next += 2;
        _open.Add(call.StreamId, call);
        _block.Write(call, output.Pending);
        call.HeadersEnd = output.Appended;
        Queue(call);
        return true;
    }

    private bool TrySend()
    {
        if (_sending.First is not { Value: var call } || _window.Available <= 0 || !output.HasRoom)
            return false;
        _sending.RemoveFirst();
        // A setting may have taken its window away meanwhile.
        if (call.RequestWindow.Available <= 0)
            return true;
        var size = Math.Min(Math.Min(call.Unsent, FrameReader.MaxFrameSize), Math.Min(call.RequestWindow.Available, _window.Available));
        var frame = Frame(FrameHeader.Size + size);
        FrameWriter.WriteDataHeader(frame, call.StreamId, size, endStream: size == call.Unsent);
        call.Send(frame[FrameHeader.Size..]);
        call.RequestWindow.TryConsume(size);
        _window.TryConsume(size);
        Queue(call);
        return true;
    }

    private ErrorCode Widen(RuntimeCall call, ErrorCode granted)
    {
        Queue(call);
        return granted;
    }

    // One that has no window comes back when it has.
    private void Queue(RuntimeCall call)
    {
        if (call.Unsent > 0 && call.RequestWindow.Available > 0 && call.Place.List is null)
            _sending.AddLast(call.Place);
    }

    private void Take(RuntimeCall call)
    {
        call.Place.List?.Remove(call.Place);
        _open.Remove(call.StreamId);
        call.Connection = null;
    }

    private Span<byte> Frame(int size)
    {
        var span = output.Pending.GetSpan(size)[..size];
        output.Pending.Advance(size);
        return span;
    }
}
