using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is what a connection carries after its preface.</summary>
internal static class FramesTarget
{
    public static readonly Target Value = new("frames", [Opening(), Call(), Padded(), End()], Run);

    private static bool Run(byte[] input)
    {
        var rest = input.AsSpan();
        var window = new FlowWindow(FlowWindow.DefaultSize);
        while (FrameHeader.TryParse(rest, out var header))
        {
            KeepsItsOctets(header, rest);
            var error = FrameRules.Check(header, FrameRules.DefaultMaxFrameSize);
            if (error is not ErrorCode.NoError)
            {
                Promise.Keep(FrameRules.ScopeOf(header, error) is ErrorScope.Connection || header.StreamId != 0, "a stream error has a stream");
                return false;
            }

            if (header.Length > rest.Length - FrameHeader.Size)
                return false;
            Read(header, rest.Slice(FrameHeader.Size, header.Length), ref window);
            rest = rest[(FrameHeader.Size + header.Length)..];
        }

        return rest.IsEmpty;
    }

    private static void KeepsItsOctets(in FrameHeader header, ReadOnlySpan<byte> source)
    {
        Span<byte> written = stackalloc byte[FrameHeader.Size];
        header.Write(written);
        Span<byte> expected = stackalloc byte[FrameHeader.Size];
        source[..FrameHeader.Size].CopyTo(expected);
        expected[5] &= 0x7f; // the reserved bit
        Promise.Keep(written.SequenceEqual(expected), "a header is written as it was read");
    }

    private static void Read(in FrameHeader header, ReadOnlySpan<byte> payload, ref FlowWindow window)
    {
        if (FramePayload.TryStripPadding(header, payload, out var content, out var padding))
            Promise.Keep(content.Length + padding <= payload.Length, "content and padding fit the payload");
        switch (header.Type)
        {
            case FrameType.Data:
                if (!window.TryConsume(payload.Length))
                    Promise.Keep(window.Available < payload.Length, "what fits the window is taken");
                break;
            case FrameType.WindowUpdate:
                window.Grant(FramePayload.ReadWindowIncrement(payload));
                break;
            case FrameType.RstStream:
                FramePayload.ReadErrorCode(payload);
                break;
            case FrameType.GoAway:
                Promise.Keep(FramePayload.ReadGoAwayLastStreamId(payload) >= 0, "a stream id has 31 bits");
                FramePayload.ReadGoAwayErrorCode(payload);
                Promise.Keep(FramePayload.ReadGoAwayDebug(payload).Length == payload.Length - 8, "debug data is the rest");
                break;
        }
    }

    private static byte[] Opening()
    {
        var octets = new byte[FrameWriter.SettingsSize(1) + FrameWriter.SettingsAckSize + FrameWriter.PingSize + FrameWriter.WindowUpdateSize];
        var at = FrameWriter.WriteSettings(octets, [new Setting(SettingId.InitialWindowSize, 65_535)]);
        at += FrameWriter.WriteSettingsAck(octets.AsSpan(at));
        at += FrameWriter.WritePing(octets.AsSpan(at), ack: false, "criguard"u8);
        FrameWriter.WriteWindowUpdate(octets.AsSpan(at), 0, 1 << 20);
        return octets;
    }

    private static byte[] Call() => Convert.FromHexString("000003010400000001838644" + "000005000100000001" + "0000000000");

    private static byte[] Padded() => Convert.FromHexString("000009012c00000003" + "02800000010f830000" + "000004000900000003" + "02610000");

    private static byte[] End()
    {
        var octets = new byte[FrameWriter.RstStreamSize + FrameWriter.GoAwaySize(3)];
        var at = FrameWriter.WriteRstStream(octets, 1, ErrorCode.Cancel);
        FrameWriter.WriteGoAway(octets.AsSpan(at), 1, ErrorCode.NoError, "bye"u8);
        return octets;
    }
}
