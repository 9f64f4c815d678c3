using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Frames of the runtime that wait for the client's connection window, in their order.</summary>
internal sealed class HeldFrames
{
    private readonly ByteQueue _frames = new();
    private readonly Dictionary<int, int> _framesOfStream = [];
    private int _blocks;

    public int Octets => _frames.Length;

    public bool Any => _frames.Length > 0;

    /// <summary>
    /// What must queue behind held frames: DATA, later frames of the same streams, and, because the client's HPACK table advances block by block,
    /// header blocks behind header blocks. Everything else must pass, or both sides wait for each other.
    /// </summary>
    public bool MustFollow(in FrameHeader header) => Any && header.Type switch
    {
        FrameType.Data => true,
        FrameType.Headers => _blocks > 0 || _framesOfStream.ContainsKey(header.StreamId),
        FrameType.RstStream => _framesOfStream.ContainsKey(header.StreamId),
        // The client shrinks its table when it sees the acknowledgement: not before the blocks that were made with the larger one.
        FrameType.Settings => header.Has(FrameFlags.Ack) && _blocks > 0,
        _ => false,
    };

    /// <summary>Adds a frame, or a header block with its CONTINUATION frames, which are one unit.</summary>
    public void Add(in FrameHeader header, ReadOnlySpan<byte> unit)
    {
        _frames.Append(unit);
        _framesOfStream[header.StreamId] = _framesOfStream.GetValueOrDefault(header.StreamId) + 1;
        if (header.Type is FrameType.Headers)
            _blocks++;
    }

    /// <summary>Moves out what the window allows, in order.</summary>
    public void Drain(ref FlowWindow window, ByteQueue output)
    {
        while (FrameHeader.TryParse(_frames.Octets, out var header))
        {
            if (header.Type is FrameType.Data && !window.TryConsume(header.Length))
                return;

            var size = FrameHeader.Size + header.Length;
            output.Append(_frames.Octets[..size]);
            _frames.Consume(size);
            if (header.Type is FrameType.Continuation)
                continue;
            if (header.Type is FrameType.Headers)
                _blocks--;
            if (--_framesOfStream[header.StreamId] == 0)
                _framesOfStream.Remove(header.StreamId);
        }
    }

    public void Release() => _frames.Release();
}
