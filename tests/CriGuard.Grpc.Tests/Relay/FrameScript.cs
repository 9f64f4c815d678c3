using System.Buffers.Binary;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>The same call over and over, from memory that was made beforehand.</summary>
public sealed class FrameScript(FramePeer peer)
{
    private readonly byte[] _received = new byte[FrameHeader.Size + 16_384];
    private byte[] _frames = [];
    private int _second;
    private int _stream = -1;

    /// <summary>A request: HEADERS and DATA.</summary>
    public FrameScript Call(string method)
    {
        var block = FramePeer.Block((":method", "POST"), (":scheme", "http"), (":path", $"/test.Echo/{method}"), ("content-type", "application/grpc"));
        return Prepare(Frame(FrameType.Headers, FrameFlags.EndHeaders, block), Frame(FrameType.Data, FrameFlags.EndStream, Framing.Frame([1])));
    }

    /// <summary>A reply: headers and trailers.</summary>
    public FrameScript Reply() => Prepare(
        Frame(FrameType.Headers, FrameFlags.EndHeaders, FramePeer.Block((":status", "200"))),
        Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, FramePeer.Block(("grpc-status", "0"))));

    /// <summary>Sends it on the next stream, and says which that was.</summary>
    public int Send()
    {
        Send(_stream += 2);
        return _stream;
    }

    public void Send(int streamId)
    {
        BinaryPrimitives.WriteInt32BigEndian(_frames.AsSpan(5), streamId);
        BinaryPrimitives.WriteInt32BigEndian(_frames.AsSpan(_second + 5), streamId);
        peer.SendRaw(_frames);
    }

    /// <summary>Receives frames and forgets them.</summary>
    public void Skip(int frames)
    {
        for (; frames > 0; frames--)
        {
            peer.ReadExactly(_received.AsSpan(0, FrameHeader.Size));
            Assert.True(FrameHeader.TryParse(_received, out var header));
            peer.ReadExactly(_received.AsSpan(FrameHeader.Size, header.Length));
        }
    }

    private FrameScript Prepare(byte[] first, byte[] second)
    {
        _second = first.Length;
        _frames = [.. first, .. second];
        return this;
    }

    private static byte[] Frame(FrameType type, FrameFlags flags, byte[] payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, 0).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }
}
