using System.Text;
using CriGuard.Grpc.Calls;

namespace CriGuard.Grpc.Tests.Calls;

public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("2H", 2 * 3600_000.0)]
    [InlineData("3M", 3 * 60_000.0)]
    [InlineData("4S", 4000.0)]
    [InlineData("120000m", 120_000.0)]
    [InlineData("1500u", 1.5)]
    [InlineData("0n", 0.0)]
    public void Each_unit_is_read(string value, double milliseconds)
    {
        Assert.True(GrpcTimeout.TryParse(Encoding.ASCII.GetBytes(value), out var timeout));
        Assert.Equal(milliseconds, timeout.TotalMilliseconds);
    }

    [Fact]
    public void A_nanosecond_is_not_rounded_down_to_nothing()
    {
        Assert.True(GrpcTimeout.TryParse("1n"u8, out var timeout));
        Assert.Equal(1, timeout.Ticks);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("1")]
    [InlineData("1s")]
    [InlineData("-1S")]
    [InlineData("1.5S")]
    [InlineData("123456789S")]
    public void What_the_grammar_does_not_have_is_refused(string value) =>
        Assert.False(GrpcTimeout.TryParse(Encoding.ASCII.GetBytes(value), out _));

    [Theory]
    [InlineData(0, "0n")]
    [InlineData(1, "100n")]
    [InlineData(TimeSpan.TicksPerSecond, "1000000u")]
    [InlineData((100 * TimeSpan.TicksPerSecond) + 1, "100001m")]
    [InlineData(long.MaxValue, "99999999H")]
    public void The_finest_unit_that_fits_is_written_and_rounded_up(long ticks, string value) =>
        Assert.Equal(value, GrpcTimeout.Format(new TimeSpan(ticks)));
}
