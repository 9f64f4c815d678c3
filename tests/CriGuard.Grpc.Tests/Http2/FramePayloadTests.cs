using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class FramePayloadTests
{
    [Theory]
    [InlineData(FrameType.Data, FrameFlags.None, "616263", "616263", 0)]
    [InlineData(FrameType.Data, FrameFlags.Padded, "02 616263 0000", "616263", 3)]
    [InlineData(FrameType.Data, FrameFlags.Padded, "00 616263", "616263", 1)]
    [InlineData(FrameType.Data, FrameFlags.Padded, "03 000000", "", 4)]
    [InlineData(FrameType.Headers, FrameFlags.None, "8286", "8286", 0)]
    [InlineData(FrameType.Headers, FrameFlags.Priority, "80000001ff 8286", "8286", 0)]
    [InlineData(FrameType.Headers, FrameFlags.Priority | FrameFlags.Padded, "01 80000001ff 8286 00", "8286", 2)]
    [InlineData(FrameType.Data, FrameFlags.Priority, "80000001ff", "80000001ff", 0)]
    [InlineData(FrameType.Continuation, FrameFlags.Padded, "028286", "028286", 0)]
    public void Padding_and_priority_are_stripped_where_the_type_has_them(
        FrameType type, FrameFlags flags, string payload, string expected, int padding)
    {
        var octets = Wire.Octets(payload);
        Assert.True(FramePayload.TryStripPadding(new FrameHeader(octets.Length, type, flags, 1), octets, out var content, out var stripped));
        Assert.Equal(Wire.Octets(expected), content);
        Assert.Equal(padding, stripped);
    }

    [Theory]
    [InlineData(FrameType.Data, FrameFlags.Padded, "")]
    [InlineData(FrameType.Data, FrameFlags.Padded, "01")]
    [InlineData(FrameType.Data, FrameFlags.Padded, "04 000000")]
    [InlineData(FrameType.Headers, FrameFlags.Priority, "80000001")]
    [InlineData(FrameType.Headers, FrameFlags.Priority | FrameFlags.Padded, "01 80000001ff")]
    public void Padding_that_leaves_no_room_is_refused(FrameType type, FrameFlags flags, string payload)
    {
        var octets = Wire.Octets(payload);
        Assert.False(FramePayload.TryStripPadding(new FrameHeader(octets.Length, type, flags, 1), octets, out _, out _));
    }

    [Fact]
    public void Numbers_of_31_bits_lose_their_reserved_bit()
    {
        Assert.Equal(0x7fffffff, FramePayload.ReadWindowIncrement(Wire.Octets("ffffffff")));
        Assert.Equal(5, FramePayload.ReadGoAwayLastStreamId(Wire.Octets("80000005 00000000")));
    }

    [Fact]
    public void Goaway_is_read_in_three_parts()
    {
        var payload = Wire.Octets("00000007 0000000b 746f6f");
        Assert.Equal(7, FramePayload.ReadGoAwayLastStreamId(payload));
        Assert.Equal(ErrorCode.EnhanceYourCalm, FramePayload.ReadGoAwayErrorCode(payload));
        Assert.Equal("too"u8, FramePayload.ReadGoAwayDebug(payload));
    }

    [Fact]
    public void An_unknown_error_code_is_kept() => Assert.Equal((ErrorCode)0xdeadbeef, FramePayload.ReadErrorCode(Wire.Octets("deadbeef")));
}
