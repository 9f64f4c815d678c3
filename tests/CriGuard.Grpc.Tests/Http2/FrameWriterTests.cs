using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class FrameWriterTests
{
    private delegate int Write(Span<byte> destination);

    [Fact]
    public void Settings() => Expect(
        "00000c 04 00 00000000  0004 0000ffff  0003 000003e8",
        FrameWriter.SettingsSize(2),
        to => FrameWriter.WriteSettings(to, [new(SettingId.InitialWindowSize, 65_535), new(SettingId.MaxConcurrentStreams, 1000)]));

    [Fact]
    public void Settings_acknowledgement() =>
        Expect("000000 04 01 00000000", FrameWriter.SettingsAckSize, FrameWriter.WriteSettingsAck);

    [Fact]
    public void Ping() =>
        Expect("000008 06 00 00000000 0102030405060708", FrameWriter.PingSize, to => FrameWriter.WritePing(to, false, [1, 2, 3, 4, 5, 6, 7, 8]));

    [Fact]
    public void Ping_acknowledgement() =>
        Expect("000008 06 01 00000000 0102030405060708", FrameWriter.PingSize, to => FrameWriter.WritePing(to, true, [1, 2, 3, 4, 5, 6, 7, 8]));

    [Fact]
    public void A_ping_has_eight_octets() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameWriter.WritePing(new byte[64], false, [1, 2, 3]));

    [Fact]
    public void Goaway() => Expect(
        "00000b 07 00 00000000 7fffffff 00000002 627965",
        FrameWriter.GoAwaySize(3),
        to => FrameWriter.WriteGoAway(to, int.MaxValue, ErrorCode.InternalError, "bye"u8));

    [Fact]
    public void Reset() =>
        Expect("000004 03 00 00000005 00000008", FrameWriter.RstStreamSize, to => FrameWriter.WriteRstStream(to, 5, ErrorCode.Cancel));

    [Fact]
    public void Window_update() =>
        Expect("000004 08 00 00000003 00001000", FrameWriter.WindowUpdateSize, to => FrameWriter.WriteWindowUpdate(to, 3, 4096));

    [Fact]
    public void A_window_update_of_nothing_is_never_written() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => FrameWriter.WriteWindowUpdate(new byte[64], 3, 0));

    [Fact]
    public void Header_of_data() => Expect("004000 00 01 00000001", FrameHeader.Size, to => FrameWriter.WriteDataHeader(to, 1, 16_384, true));

    [Fact]
    public void Header_of_headers() =>
        Expect("000020 01 04 00000001", FrameHeader.Size, to => FrameWriter.WriteHeadersHeader(to, 1, 32, endStream: false, endHeaders: true));

    [Fact]
    public void Header_of_trailers() =>
        Expect("000020 01 05 00000001", FrameHeader.Size, to => FrameWriter.WriteHeadersHeader(to, 1, 32, endStream: true, endHeaders: true));

    [Fact]
    public void Header_of_a_continuation() =>
        Expect("000020 09 00 00000001", FrameHeader.Size, to => FrameWriter.WriteContinuationHeader(to, 1, 32, endHeaders: false));

    // Just enough room must do, one octet less must not be written past or half.
    private static void Expect(string hex, int size, Write write)
    {
        var exact = new byte[size];
        Assert.Equal(size, write(exact));
        Assert.Equal(Wire.Octets(hex), exact);

        var shorter = new byte[size - 1];
        Assert.ThrowsAny<ArgumentException>(() => write(shorter));
        Assert.All(shorter, octet => Assert.Equal(0, octet));
    }
}
