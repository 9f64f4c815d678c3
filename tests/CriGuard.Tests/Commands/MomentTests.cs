using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class MomentTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("90s", "2026-11-22T11:58:30Z")]
    [InlineData("10m", "2026-11-22T11:50:00Z")]
    [InlineData("2h", "2026-11-22T10:00:00Z")]
    [InlineData("7d", "2026-11-15T12:00:00Z")]
    [InlineData("2026-11-21", "2026-11-21T00:00:00Z")]
    [InlineData("2026-11-21T10:11", "2026-11-21T10:11:00Z")]
    [InlineData("2026-11-21T10:11:12", "2026-11-21T10:11:12Z")]
    [InlineData("2026-11-21T10:11:12.5Z", "2026-11-21T10:11:12.5Z")]
    [InlineData("2026-11-21T10:11:12+02:00", "2026-11-21T08:11:12Z")]
    public void A_span_counts_back_from_now_and_a_time_stands(string text, string expected)
    {
        Assert.True(Moment.TryParse(text, Now, out var moment));
        Assert.Equal(DateTimeOffset.Parse(expected), moment);
    }

    [Theory]
    [InlineData("")]
    [InlineData("m")]
    [InlineData("10")]
    [InlineData("-10m")]
    [InlineData("10w")]
    [InlineData("1.5h")]
    [InlineData("2147483647d")]
    [InlineData("99999999999s")]
    [InlineData("22.11.2026")]
    [InlineData("2026-13-01")]
    public void Anything_else_is_no_time(string text) => Assert.False(Moment.TryParse(text, Now, out _));
}
