using System.ComponentModel;
using System.Net.Sockets;
using CriGuard.Linux.Systemd;

namespace CriGuard.Linux.Tests.Systemd;

public sealed class SocketActivationTests
{
    [Theory]
    [InlineData("42", "1", true, 1)]
    [InlineData("42", "3", true, 3)]
    [InlineData("43", "1", false)]
    [InlineData(null, "1", false)]
    [InlineData("42", null, false)]
    [InlineData("42", "0", false)]
    [InlineData("42", "-1", false)]
    [InlineData("42", "65", false)]
    [InlineData("42", "1 ", false)]
    [InlineData("", "", false)]
    public void Descriptors_are_ours_only_where_they_are_meant_for_this_process(string? pid, string? descriptors, bool ours, int expected = 0)
    {
        Assert.Equal(ours, SocketActivation.TryParse(pid, descriptors, 42, out var count));
        if (ours)
            Assert.Equal(expected, count);
    }

    [Fact]
    public async Task A_descriptor_that_was_passed_accepts_connections()
    {
        using var directory = new TemporaryDirectory();
        var address = new UnixDomainSocketEndPoint(Path.Combine(directory.Path, "s"));
        var passed = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        passed.Bind(address);
        passed.Listen();
        var descriptor = (int)passed.SafeHandle.DangerousGetHandle();
        passed.SafeHandle.SetHandleAsInvalid(); // From here on the descriptor is open and nobody's, as after an exec.

        using var listener = Assert.Single(SocketActivation.Take(descriptor, 1));
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(address);
        using var accepted = await listener.AcceptAsync();

        Assert.True(accepted.Connected);
        Assert.Equal(AddressFamily.Unix, listener.AddressFamily);
    }

    [Fact]
    public void A_descriptor_that_is_not_open_is_said_so()
    {
        var e = Assert.Throws<Win32Exception>(static () => SocketActivation.Take(1_000_000, 1));

        Assert.Contains("descriptor `1000000`", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Outside_of_systemd_there_are_none()
    {
        Assert.Empty(SocketActivation.TakeFromEnvironment());
    }
}
