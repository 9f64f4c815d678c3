using CriGuard.Daemon;

namespace CriGuard.Tests.Daemon;

public sealed class UnixEndpointTests
{
    [Theory]
    [InlineData("unix:///run/containerd/containerd.sock")]
    [InlineData("/run/containerd/containerd.sock")]
    public void A_socket_is_read_with_and_without_its_scheme(string text)
    {
        Assert.True(UnixEndpoint.TryParse(text, out var endpoint, out _));

        Assert.Equal("/run/containerd/containerd.sock", endpoint.Path);
        Assert.Equal("unix:///run/containerd/containerd.sock", endpoint.ToString());
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData(null, "is empty")]
    [InlineData("tcp://127.0.0.1:1", "is not a unix socket")]
    [InlineData("run/x.sock", "is not an absolute path")]
    [InlineData("unix://run/x.sock", "is not an absolute path")]
    public void What_is_no_unix_socket_is_said_with_what_to_write(string? text, string why)
    {
        Assert.False(UnixEndpoint.TryParse(text, out _, out string error));

        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.EndsWith("write `unix:///path/to.sock`", error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_of_107_bytes_fits_and_one_of_108_does_not()
    {
        Assert.True(UnixEndpoint.TryParse("/" + new string('x', 106), out _, out _));
        Assert.False(UnixEndpoint.TryParse("/" + new string('x', 107), out _, out string error));
        Assert.Contains("107 bytes", error, StringComparison.Ordinal);
    }
}
