using System.Net.Sockets;
using CriGuard.Linux.Processes;

namespace CriGuard.Linux.Tests;

public sealed class PeerCredentialsTests
{
    private readonly ProcessReader _processes = new();

    [Fact]
    public async Task A_connection_from_ourselves_is_ours()
    {
        using var directory = new TemporaryDirectory();
        using var listener = Listen(directory, out var path);
        using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await client.ConnectAsync(new UnixDomainSocketEndPoint(path));
        using var accepted = await listener.AcceptAsync();

        var caller = PeerCredentials.Read(accepted, _processes);

        Assert.Equal(Environment.ProcessId, caller.Pid);
        Assert.Equal(Environment.ProcessPath, caller.Executable);
        Assert.True(_processes.TryReadStatus(Environment.ProcessId, out var status));
        Assert.Equal(status.EffectiveUid, caller.Uid);
    }

    [Fact]
    public async Task A_connection_from_another_process_is_that_processes()
    {
        using var directory = new TemporaryDirectory();
        using var listener = Listen(directory, out var path);
        using var child = Connect(path);
        using var accepted = await listener.AcceptAsync();

        var caller = PeerCredentials.Read(accepted, _processes);

        Assert.Equal(child.Id, caller.Pid);
        Assert.Equal(new FileInfo("/usr/bin/perl").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "/usr/bin/perl", caller.Executable);
    }

    [Fact]
    public async Task A_process_that_ended_since_leaves_its_id_and_no_executable()
    {
        using var directory = new TemporaryDirectory();
        using var listener = Listen(directory, out var path);
        int pid;
        using (var child = Connect(path))
        {
            pid = child.Id;
        }

        using var accepted = await listener.AcceptAsync();

        var caller = PeerCredentials.Read(accepted, _processes);

        Assert.Equal(pid, caller.Pid);
        Assert.Equal("", caller.Executable);
    }

    [Fact]
    public void A_socket_that_is_no_unix_socket_has_no_credentials()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        Assert.Throws<SocketException>(() => PeerCredentials.Read(socket, _processes));
    }

    // perl-base is on every Debian and has unix sockets, which no shell has.
    private static Child Connect(string path)
    {
        const string script = "$| = 1; socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) or die; print qq(ready\n); <STDIN>";
        return Child.Start("/usr/bin/perl", "-MSocket", "-e", script, path);
    }

    private static Socket Listen(TemporaryDirectory directory, out string path)
    {
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        path = Path.Combine(directory.Path, "s");
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        return listener;
    }
}
