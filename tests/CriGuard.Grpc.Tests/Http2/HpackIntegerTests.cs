using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class HpackIntegerTests
{
    [Theory]
    [InlineData("0a", 5, 10)] // RFC 7541 section C.1.1
    [InlineData("1f9a0a", 5, 1337)] // C.1.2
    [InlineData("2a", 8, 42)] // C.1.3
    [InlineData("1e", 5, 30)]
    [InlineData("1f00", 5, 31)]
    [InlineData("1f7f", 5, 158)]
    [InlineData("1f8001", 5, 159)]
    [InlineData("7fffffff7f", 7, 127 + 0x0fffffff)]
    public void Integers_are_read(string hex, int prefixBits, int expected)
    {
        var block = Wire.Octets(hex);
        var position = 0;
        Assert.True(HpackInteger.TryRead(block, ref position, prefixBits, out var value));
        Assert.Equal(expected, value);
        Assert.Equal(block.Length, position);
    }

    [Fact]
    public void The_bits_before_the_prefix_are_not_part_of_it()
    {
        var position = 0;
        Assert.True(HpackInteger.TryRead(Wire.Octets("ea"), ref position, 5, out var value));
        Assert.Equal(10, value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("1f")]
    [InlineData("1f80")]
    [InlineData("1fffffffff")] // four groups and none of them the last
    [InlineData("1f8080808000")] // zero, padded past the bound
    [InlineData("1fffffffff07")] // 2^31 and more
    [InlineData("1fffffffffffffffffff01")] // past 64 bits
    public void Torn_and_excessive_integers_are_refused(string hex)
    {
        var position = 0;
        Assert.False(HpackInteger.TryRead(Wire.Octets(hex), ref position, 5, out _));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(142)]
    [InlineData(143)]
    [InlineData(16_384)]
    [InlineData(HpackInteger.MaxValue)]
    public void What_is_written_is_read_again(int value)
    {
        var octets = new byte[HpackInteger.MaxSize];
        foreach (var prefixBits in new[] { 4, 5, 6, 7 })
        {
            var length = HpackInteger.Write(octets, 0, prefixBits, value);
            var position = 0;
            Assert.True(HpackInteger.TryRead(octets.AsSpan(0, length), ref position, prefixBits, out var read));
            Assert.Equal(value, read);
            Assert.Equal(length, position);
        }
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(HpackInteger.MaxValue + 1)]
    public void What_could_not_be_read_is_not_written(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => HpackInteger.Write(new byte[8], 0, 5, value));
}
