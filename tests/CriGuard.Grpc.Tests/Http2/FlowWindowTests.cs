using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class FlowWindowTests
{
    [Fact]
    public void The_last_octet_can_be_taken_and_no_more()
    {
        var window = new FlowWindow(10);
        Assert.True(window.TryConsume(10));
        Assert.False(window.TryConsume(1));
        Assert.Equal(0, window.Available);
    }

    [Fact]
    public void What_does_not_fit_takes_nothing()
    {
        var window = new FlowWindow(10);
        Assert.False(window.TryConsume(11));
        Assert.Equal(10, window.Available);
    }

    [Fact]
    public void Granting_up_to_the_largest_window_is_fine_and_one_more_is_not()
    {
        var window = new FlowWindow(FlowWindow.DefaultSize);
        Assert.Equal(ErrorCode.NoError, window.Grant(int.MaxValue - FlowWindow.DefaultSize));
        Assert.Equal(ErrorCode.FlowControlError, window.Grant(1));
        Assert.Equal(int.MaxValue, window.Available);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void Granting_nothing_is_a_protocol_error(int increment)
    {
        var window = new FlowWindow(1);
        Assert.Equal(ErrorCode.ProtocolError, window.Grant(increment));
        Assert.Equal(1, window.Available);
    }

    [Fact]
    public void A_smaller_setting_makes_the_window_negative_until_enough_is_granted()
    {
        // The example of RFC 9113 section 6.9.2: 60 kB sent of 64, then the setting falls to 16 kB.
        var window = new FlowWindow(65_536);
        Assert.True(window.TryConsume(61_440));
        Assert.Equal(ErrorCode.NoError, window.Shift(16_384 - 65_536));
        Assert.Equal(-45_056, window.Available);

        Assert.False(window.TryConsume(1));
        Assert.True(window.TryConsume(0)); // an empty frame needs no window
        Assert.Equal(ErrorCode.NoError, window.Grant(45_057));
        Assert.True(window.TryConsume(1));
    }

    [Fact]
    public void A_larger_setting_may_not_overflow_an_open_window()
    {
        var window = new FlowWindow(int.MaxValue - 5);
        Assert.Equal(ErrorCode.FlowControlError, window.Shift(6));
        Assert.Equal(int.MaxValue - 5, window.Available);
        Assert.Equal(ErrorCode.NoError, window.Shift(5));
    }

    [Fact]
    public void A_window_does_not_wrap_below_zero()
    {
        var window = new FlowWindow(0);
        Assert.Equal(ErrorCode.NoError, window.Shift(int.MinValue));
        Assert.Equal(ErrorCode.FlowControlError, window.Shift(-1));
        Assert.Equal(int.MinValue, window.Available);
    }
}
