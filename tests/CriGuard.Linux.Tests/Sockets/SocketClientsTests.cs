using System.Net.Sockets;
using CriGuard.Linux.Sockets;

namespace CriGuard.Linux.Tests.Sockets;

public sealed class SocketClientsTests
{
    // perl-base is on every Debian and has unix sockets, which no shell has.
    private const string Connect = "$| = 1; socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) or die; print qq(ready\n); <STDIN>";

    private readonly SocketClients _clients = new();

    [Fact]
    public void A_process_that_is_connected_is_found_by_every_name_of_the_socket()
    {
        using var directory = new TemporaryDirectory();
        using var listener = Listen(directory, "here.sock");
        using var child = Child.Start("/usr/bin/perl", "-MSocket", "-e", Connect, $"{directory.Path}/here.sock");
        using var accepted = listener.Accept();
        File.CreateSymbolicLink($"{directory.Path}/link", $"{directory.Path}/here.sock");

        Assert.Equal([child.Id], _clients.Of($"{directory.Path}/here.sock"));
        Assert.Equal([child.Id], _clients.Of($"{directory.Path}/link"));
    }

    [Fact]
    public void A_process_that_is_connected_elsewhere_is_not()
    {
        using var directory = new TemporaryDirectory();
        using var other = Listen(directory, "other.sock");
        using var here = Listen(directory, "here.sock");
        using var child = Child.Start("/usr/bin/perl", "-MSocket", "-e", Connect, $"{directory.Path}/other.sock");
        using var accepted = other.Accept();

        Assert.Equal([], _clients.Of($"{directory.Path}/here.sock"));
    }

    [Fact]
    public void What_is_no_file_cannot_be_told() => Assert.Null(_clients.Of("/nowhere/here.sock"));

    private static Socket Listen(TemporaryDirectory directory, string name)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint($"{directory.Path}/{name}"));
        listener.Listen();
        return listener;
    }
}
