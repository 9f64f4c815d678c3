using System.Net.Sockets;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>A runtime that answers every call at once, and complains about whatever should not have come to it.</summary>
internal sealed class RuntimePeer(Socket socket)
{
    // :status 200, then five octets of DATA, then a literal without indexing: grpc-status 0.
    private static readonly byte[] ReplyHeaders = [0x88];
    private static readonly byte[] ReplyMessage = new byte[5];
    private static readonly byte[] ReplyTrailers = [0x00, 0x0b, .. "grpc-status"u8, 0x01, (byte)'0'];

    private readonly HashSet<int> _opened = [];
    private readonly HpackDecoder _decoder = new(HpackDecoder.DefaultTableSize);

    public static bool IsLifted(ReadOnlySpan<byte> path) => path.IndexOf("/Lift"u8) >= 0;

    /// <summary>Serves until the connection ends; the complaint, or null.</summary>
    public string? Serve()
    {
        using var owned = socket;
        var frames = new FrameSource(socket);
        if (!frames.TrySkip(Preface.Bytes.Length))
            return null;
        Send(FrameType.Settings, FrameFlags.None, 0, []);
        while (frames.TryReceive(out var header, out var payload))
        {
            if (Take(header, payload) is { } complaint)
                return complaint;
        }

        return null;
    }

    private string? Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Headers:
                return TakeHeaders(header, payload);
            case FrameType.Settings when !header.Has(FrameFlags.Ack):
                Send(FrameType.Settings, FrameFlags.Ack, 0, []);
                return null;
            case FrameType.Ping when !header.Has(FrameFlags.Ack):
                Send(FrameType.Ping, FrameFlags.Ack, 0, payload);
                return null;
            case FrameType.Continuation or FrameType.Priority or FrameType.PushPromise:
                return $"{header.Type} came to the runtime";
            default:
                return header.StreamId == 0 || _opened.Contains(header.StreamId)
                    ? null
                    : $"{header.Type} came to the runtime on stream {header.StreamId}, which is idle there";
        }
    }

    private string? TakeHeaders(in FrameHeader header, ReadOnlySpan<byte> block)
    {
        var fields = new HeaderFields();
        if (_decoder.TryDecode(block, fields, int.MaxValue) is not ErrorCode.NoError)
            return "a header block to the runtime cannot be decoded";
        if (!_opened.Add(header.StreamId))
            return RequestHeaders.CheckTrailers(fields) is ErrorCode.NoError ? null : "ill trailers came to the runtime";
        if (RequestHeaders.Check(fields) is not ErrorCode.NoError || !fields.TryGet(":path"u8, out var path))
            return "an ill request came to the runtime";
        if (IsLifted(path))
            return "a lifted call came to the runtime";

        Send(FrameType.Headers, FrameFlags.EndHeaders, header.StreamId, ReplyHeaders);
        Send(FrameType.Data, FrameFlags.None, header.StreamId, ReplyMessage);
        Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, header.StreamId, ReplyTrailers);
        return null;
    }

    private void Send(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, streamId).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        try
        {
            socket.Send(frame);
        }
        catch (SocketException)
        {
            // The relay has gone, which the next read says too.
        }
    }
}
