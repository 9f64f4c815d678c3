using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class FrameHeaderTests
{
    [Fact]
    public void Every_octet_has_its_place()
    {
        Assert.True(FrameHeader.TryParse(Wire.Octets("012345 01 25 0a0b0c0d"), out var header));

        const FrameFlags Flags = FrameFlags.EndStream | FrameFlags.EndHeaders | FrameFlags.Priority;
        Assert.Equal(new FrameHeader(0x012345, FrameType.Headers, Flags, 0x0a0b0c0d), header);
        var written = new byte[FrameHeader.Size];
        header.Write(written);
        Assert.Equal(Wire.Octets("012345 01 25 0a0b0c0d"), written);
    }

    [Fact]
    public void The_reserved_bit_is_ignored()
    {
        Assert.True(FrameHeader.TryParse(Wire.Octets("000000 00 00 80000001"), out var header));
        Assert.Equal(1, header.StreamId);
    }

    [Fact]
    public void The_largest_values_survive()
    {
        Assert.True(FrameHeader.TryParse(Wire.Octets("ffffff ff ff ffffffff"), out var header));
        Assert.Equal(new FrameHeader(0xffffff, (FrameType)0xff, (FrameFlags)0xff, int.MaxValue), header);
    }

    [Fact]
    public void Eight_octets_are_no_header() => Assert.False(FrameHeader.TryParse(new byte[8], out _));

    [Fact]
    public void A_flag_is_there_only_with_all_its_bits()
    {
        var header = new FrameHeader(0, FrameType.Headers, FrameFlags.EndStream, 1);
        Assert.True(header.Has(FrameFlags.EndStream));
        Assert.False(header.Has(FrameFlags.EndStream | FrameFlags.EndHeaders));
    }

    [Fact]
    public void The_preface_is_the_24_octets_of_the_rfc() =>
        Assert.Equal(Wire.Octets("505249202a20485454502f322e300d0a0d0a534d0d0a0d0a"), Preface.Bytes);
}
