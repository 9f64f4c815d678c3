using System.Net.Sockets;
using CriGuard.Daemon;

namespace CriGuard.Tests.Daemon;

public sealed class ListeningSocketTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    private UnixEndpoint Endpoint => new(_directory.File("c.sock"));

    [Fact]
    public void Only_owner_and_group_may_connect()
    {
        using var listening = ListeningSocket.Bind(Endpoint);

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite,
            File.GetUnixFileMode(Endpoint.Path));
    }

    [Fact]
    public void A_socket_that_nobody_listens_on_is_replaced()
    {
        Dead(Endpoint.Path);

        using var listening = ListeningSocket.Bind(Endpoint);

        Endpoint.Dial().Dispose();
    }

    [Fact]
    public void A_living_socket_is_never_taken()
    {
        using var first = ListeningSocket.Bind(Endpoint);

        var error = Assert.Throws<StartException>(() => ListeningSocket.Bind(Endpoint));

        Assert.Contains("another process listens there", error.Message, StringComparison.Ordinal);
        Endpoint.Dial().Dispose();
    }

    [Fact]
    public void A_file_that_is_no_socket_is_never_removed()
    {
        _directory.Write("c.sock", "");

        Assert.Throws<StartException>(() => ListeningSocket.Bind(Endpoint));

        Assert.True(File.Exists(Endpoint.Path));
    }

    [Fact]
    public void A_missing_directory_is_said()
    {
        var error = Assert.Throws<StartException>(() => ListeningSocket.Bind(new UnixEndpoint(_directory.File("no/c.sock"))));

        Assert.Contains("there is no directory `", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_socket_is_gone_after_an_orderly_end()
    {
        ListeningSocket.Bind(Endpoint).Dispose();

        Assert.False(Path.Exists(Endpoint.Path));
    }

    public void Dispose() => _directory.Dispose();

    /// <summary>What a killed daemon leaves: .NET unlinks the path that it bound, so the file is moved first.</summary>
    private static void Dead(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path + ".bound"));
        File.Move(path + ".bound", path);
    }
}
