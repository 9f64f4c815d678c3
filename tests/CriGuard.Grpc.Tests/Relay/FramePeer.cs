using System.Buffers;
using System.Net.Sockets;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>One frame as it was received.</summary>
public sealed record Frame(FrameType Type, FrameFlags Flags, int StreamId, byte[] Payload)
{
    public override string ToString() => $"{Type} {Flags} {StreamId} {Convert.ToHexString(Payload.AsSpan(0, Math.Min(Payload.Length, 32)))}";
}

/// <summary>A peer that says and hears single frames, on either side of a relay. Waits for a frame no longer than a test may take.</summary>
public sealed class FramePeer : IDisposable
{
    private const int Patience = 15_000;

    private readonly Socket _socket;
    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);

    public FramePeer(Socket socket)
    {
        _socket = socket;
        socket.ReceiveTimeout = Patience;
        socket.SendTimeout = Patience;
    }

    public void SendRaw(ReadOnlySpan<byte> octets) => _socket.Send(octets);

    public void Send(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, streamId).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        SendRaw(frame);
    }

    public void Settings(params Setting[] settings)
    {
        var frame = new byte[FrameWriter.SettingsSize(settings.Length)];
        FrameWriter.WriteSettings(frame, settings);
        SendRaw(frame);
    }

    public void SettingsAck() => Send(FrameType.Settings, FrameFlags.Ack, 0, []);

    public void Ping(byte mark) => Send(FrameType.Ping, FrameFlags.None, 0, [mark, 0, 0, 0, 0, 0, 0, 0]);

    public void WindowUpdate(int streamId, int increment)
    {
        var frame = new byte[FrameWriter.WindowUpdateSize];
        FrameWriter.WriteWindowUpdate(frame, streamId, increment);
        SendRaw(frame);
    }

    public void Reset(int streamId, ErrorCode code) => Send(FrameType.RstStream, FrameFlags.None, streamId, [0, 0, 0, (byte)code]);

    public void GoAway(int last, ErrorCode code = ErrorCode.NoError) =>
        Send(FrameType.GoAway, FrameFlags.None, 0, [0, 0, (byte)(last >> 8), (byte)last, 0, 0, 0, (byte)code]);

    public void Data(int streamId, ReadOnlySpan<byte> payload, bool endStream = false) =>
        Send(FrameType.Data, endStream ? FrameFlags.EndStream : FrameFlags.None, streamId, payload);

    /// <summary>The headers of a call, which <c>Lift</c> in the method makes a lifted one.</summary>
    public void Call(int streamId, string method, bool endStream = false, params (string Name, string Value)[] more)
    {
        var path = $"/test.Echo/{method}";
        Headers(streamId, endStream, [(":method", "POST"), (":scheme", "http"), (":path", path), ("content-type", "application/grpc"), .. more]);
    }

    public void Headers(int streamId, bool endStream, params (string Name, string Value)[] fields) => Send(
        FrameType.Headers, FrameFlags.EndHeaders | (endStream ? FrameFlags.EndStream : FrameFlags.None), streamId, Block(fields));

    public static byte[] Block(params (string Name, string Value)[] fields)
    {
        var block = new ArrayBufferWriter<byte>();
        foreach (var (name, value) in fields)
            HpackEncoder.WriteField(Encoding.Latin1.GetBytes(name), Encoding.Latin1.GetBytes(value), neverIndexed: false, block);
        return block.WrittenSpan.ToArray();
    }

    /// <summary>The next frame, which must be of that type and stream.</summary>
    public Frame Expect(FrameType type, int streamId)
    {
        var frame = Receive();
        Assert.True(frame.Type == type && frame.StreamId == streamId, $"expected {type} on {streamId}: got {frame}");
        return frame;
    }

    /// <summary>The next frame of that type, whatever comes before it.</summary>
    public Frame Await(FrameType type)
    {
        while (true)
        {
            var frame = Receive();
            if (frame.Type == type)
                return frame;
        }
    }

    /// <summary>The frames that come until a ping of ours is answered, acknowledgements of SETTINGS left out.</summary>
    public List<Frame> Settle()
    {
        Ping(42);
        var frames = new List<Frame>();
        while (Receive() is var frame && (frame.Type is not FrameType.Ping || !frame.Flags.HasFlag(FrameFlags.Ack)))
        {
            if (frame.Type is not FrameType.Settings || frame.Payload.Length > 0)
                frames.Add(frame);
        }

        return frames;
    }

    /// <summary>The next call, whose message is one octet; what comes in between is left out.</summary>
    public (int StreamId, byte Mark) TakeCall()
    {
        var headers = Await(FrameType.Headers);
        Decode(headers);
        var data = Await(FrameType.Data);
        Assert.Equal((headers.StreamId, FrameFlags.EndStream, 6), (data.StreamId, data.Flags, data.Payload.Length));
        Assert.Equal(Framing.Frame([data.Payload[^1]]), data.Payload);
        return (headers.StreamId, data.Payload[^1]);
    }

    /// <summary>A reply of one message, with the status OK.</summary>
    public void Reply(int streamId, byte mark)
    {
        Headers(streamId, endStream: false, (":status", "200"), ("content-type", "application/grpc"));
        Data(streamId, Framing.Frame([mark]));
        Headers(streamId, endStream: true, ("grpc-status", "0"));
    }

    public Frame Receive()
    {
        var header = ReadExactly(FrameHeader.Size);
        Assert.True(FrameHeader.TryParse(header, out var parsed));
        return new Frame(parsed.Type, parsed.Flags, parsed.StreamId, ReadExactly(parsed.Length));
    }

    /// <summary>Takes the next frame without making anything of it.</summary>
    public FrameHeader SkipFrame(Span<byte> memory)
    {
        ReadExactly(memory[..FrameHeader.Size]);
        Assert.True(FrameHeader.TryParse(memory, out var header));
        ReadExactly(memory[..header.Length]);
        return header;
    }

    /// <summary>The fields of a header block, which must be decoded in the order of their arrival.</summary>
    public SortedDictionary<string, string> Decode(Frame frame)
    {
        var fields = new HeaderFields();
        Assert.Equal(ErrorCode.NoError, _decoder.TryDecode(frame.Payload, fields, int.MaxValue));
        var decoded = new SortedDictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < fields.Count; i++)
            decoded[Encoding.Latin1.GetString(fields[i].Name)] = Encoding.Latin1.GetString(fields[i].Value);
        return decoded;
    }

    public byte[] ReadExactly(int count)
    {
        var octets = new byte[count];
        ReadExactly(octets);
        return octets;
    }

    public void ReadExactly(Span<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            var received = _socket.Receive(octets);
            if (received == 0)
                throw new EndOfStreamException();
            octets = octets[received..];
        }
    }

    /// <summary>Reads to the end of the connection; the frames that came before it.</summary>
    public List<Frame> ReadToEnd()
    {
        var frames = new List<Frame>();
        try
        {
            while (true)
                frames.Add(Receive());
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            return frames;
        }
    }

    /// <summary>Nothing has come, not even the end.</summary>
    public bool IsSilent => !_socket.Poll(0, SelectMode.SelectRead);

    public void Dispose() => _socket.Dispose();
}
