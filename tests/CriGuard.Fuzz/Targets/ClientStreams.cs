using System.Buffers;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>What good clients send after the preface.</summary>
internal static class ClientStreams
{
    private static readonly byte[] Settings = Frame(FrameType.Settings, FrameFlags.None, 0, []);

    public static readonly byte[][] All =
    [
        [.. Settings, .. Call(1, "Relayed"), .. Call(3, "Lift"), .. Call(5, "Relayed")],
        [
            .. Settings, .. Headers(1, "Relayed"), .. Headers(3, "LiftSlow"), .. Data(3, "\0\0\0\0\u0003ab", false), .. Update(3),
            .. Data(3, "c", true), .. Update(0),
        ],
        [.. Settings, .. Padded(1, "Lift"), .. Reset(1), .. Update(1), .. Split(3, "Relayed"), .. Reset(3), .. Data(3, "late", true)],
        [.. Windows(0), .. Call(1, "Lift"), .. Windows(100_000), .. Ping(), .. Call(3, "Relayed"), .. Windows(10), .. Update(1), .. GoAway()],
        [
            .. Settings, .. Headers(1, "Lift"), .. Trailers(1), .. Headers(3, "Relayed"), .. Trailers(3),
            .. Frame((FrameType)99, FrameFlags.None, 7, [1]),
        ],
    ];

    public static byte[] Frame(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader(payload.Length, type, flags, streamId).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    private static byte[] Call(int streamId, string method) => [.. Headers(streamId, method), .. Data(streamId, "\0\0\0\0\u0003abc", true)];

    private static byte[] Headers(int streamId, string method) => Frame(FrameType.Headers, FrameFlags.EndHeaders, streamId, Block(method));

    private static byte[] Padded(int streamId, string method) => Frame(
        FrameType.Headers,
        FrameFlags.EndHeaders | FrameFlags.Padded | FrameFlags.Priority,
        streamId,
        [2, 0, 0, 0, 0, 15, .. Block(method), 0, 0]);

    private static byte[] Split(int streamId, string method)
    {
        var block = Block(method);
        return
        [
            .. Frame(FrameType.Headers, FrameFlags.None, streamId, block.AsSpan(0, 7)),
            .. Frame(FrameType.Continuation, FrameFlags.None, streamId, []),
            .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, streamId, block.AsSpan(7)),
        ];
    }

    private static byte[] Trailers(int streamId) =>
        Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, streamId, [0x40, 0x01, (byte)'x', 0x01, (byte)'y']);

    private static byte[] Data(int streamId, string octets, bool end) =>
        Frame(FrameType.Data, end ? FrameFlags.EndStream : FrameFlags.None, streamId, Encoding.Latin1.GetBytes(octets));

    private static byte[] Update(int streamId) => Frame(FrameType.WindowUpdate, FrameFlags.None, streamId, [0, 1, 0, 0]);

    private static byte[] Reset(int streamId) => Frame(FrameType.RstStream, FrameFlags.None, streamId, [0, 0, 0, (byte)ErrorCode.Cancel]);

    private static byte[] Ping() => Frame(FrameType.Ping, FrameFlags.None, 0, "criguard"u8);

    private static byte[] GoAway() => Frame(FrameType.GoAway, FrameFlags.None, 0, [0, 0, 0, 0, 0, 0, 0, 0]);

    private static byte[] Windows(int size)
    {
        var frame = new byte[FrameWriter.SettingsSize(2)];
        FrameWriter.WriteSettings(frame, [new Setting(SettingId.InitialWindowSize, (uint)size), new Setting(SettingId.HeaderTableSize, 0)]);
        return frame;
    }

    // The path goes into the table of the connection: the next call of that method is one octet there.
    private static byte[] Block(string method)
    {
        var block = new ArrayBufferWriter<byte>();
        HpackEncoder.WriteField(":method"u8, "POST"u8, neverIndexed: false, block);
        HpackEncoder.WriteField(":scheme"u8, "http"u8, neverIndexed: false, block);
        var path = Encoding.ASCII.GetBytes($"/fuzz/{method}");
        block.Write<byte>([0x44, (byte)path.Length, .. path]);
        HpackEncoder.WriteField("grpc-timeout"u8, "9S"u8, neverIndexed: false, block);
        return block.WrittenSpan.ToArray();
    }
}
