using System.Net.Sockets;
using System.Text;
using CriGuard.Linux.Systemd;

namespace CriGuard.Linux.Tests.Systemd;

public sealed class SystemdNotifyTests
{
    public static TheoryData<Func<SystemdNotify, bool>, string> Messages => new()
    {
        { static n => n.Ready(), "READY=1" },
        { static n => n.Stopping(), "STOPPING=1" },
        { static n => n.Alive(), "WATCHDOG=1" },
        { static n => n.Status("3 connections"), "STATUS=3 connections" },
        { static n => n.Status("one\nREADY=1"), "STATUS=one" },
    };

    [Theory]
    [MemberData(nameof(Messages))]
    public void Each_state_is_one_datagram(Func<SystemdNotify, bool> notify, string message)
    {
        using var directory = new TemporaryDirectory();
        var path = Path.Combine(directory.Path, "notify");
        using var systemd = Listen(path);

        Assert.True(notify(new SystemdNotify(path)));
        Assert.Equal(message, Receive(systemd));
    }

    [Fact]
    public void An_address_with_an_at_sign_is_an_abstract_one()
    {
        var name = $"criguard-test-{Environment.ProcessId}";
        using var systemd = Listen($"\0{name}");

        Assert.True(new SystemdNotify($"@{name}").Ready());
        Assert.Equal("READY=1", Receive(systemd));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("relative")]
    [InlineData("vsock:2:1234")]
    [InlineData("/nowhere/notify")]
    public void Where_nobody_listens_nothing_fails(string? address)
    {
        Assert.False(new SystemdNotify(address).Ready());
    }

    [Fact]
    public void An_address_longer_than_a_socket_can_have_fails_nothing_either()
    {
        Assert.False(new SystemdNotify($"/{new string('a', 200)}").Ready());
    }

    [Theory]
    [InlineData("30000000", null, 30.0)]
    [InlineData("30000000", "", 30.0)]
    [InlineData("500000", "42", 0.5)]
    [InlineData("30000000", "43", null)]
    [InlineData("0", "42", null)]
    [InlineData("-1", "42", null)]
    [InlineData("soon", "42", null)]
    [InlineData("9223372036854775807", "42", null)]
    [InlineData(null, "42", null)]
    public void The_watchdogs_period_is_read_where_it_is_meant_for_this_process(string? microseconds, string? pid, double? seconds) =>
        Assert.Equal(seconds, SystemdNotify.WatchdogPeriod(microseconds, pid, processId: 42)?.TotalSeconds);

    private static Socket Listen(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 30_000 };
        socket.Bind(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }
}
