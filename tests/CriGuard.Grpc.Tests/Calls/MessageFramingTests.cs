using CriGuard.Grpc.Calls;

namespace CriGuard.Grpc.Tests.Calls;

public sealed class MessageFramingTests
{
    [Fact]
    public void A_prefix_is_a_flag_and_a_big_endian_length()
    {
        Assert.True(MessageFraming.TryRead([1, 0x80, 0, 0, 42], out var prefix, out var valid));
        Assert.True(valid);
        Assert.Equal(new MessagePrefix(Compressed: true, 0x8000002a), prefix);
    }

    [Fact]
    public void Four_octets_are_no_prefix() => Assert.False(MessageFraming.TryRead([0, 0, 0, 0], out _, out _));

    [Fact]
    public void A_flag_of_two_is_not_valid()
    {
        MessageFraming.TryRead([2, 0, 0, 0, 0], out _, out var valid);
        Assert.False(valid);
    }

    [Fact]
    public void What_is_written_is_read_back()
    {
        Span<byte> prefix = stackalloc byte[5];
        prefix.Fill(0xff);
        MessageFraming.Write(prefix, 70_000);
        Assert.Equal([0, 0, 1, 0x11, 0x70], prefix.ToArray());
    }
}
