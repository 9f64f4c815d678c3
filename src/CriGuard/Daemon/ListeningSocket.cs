using System.Net.Sockets;
using CriGuard.Linux;

namespace CriGuard.Daemon;

/// <summary>The socket that the kubelet connects to: made with its final mode, never taken from a living owner.</summary>
internal sealed class ListeningSocket : IDisposable
{
    /// <summary>Owner and group may connect, as at the runtime's own socket.</summary>
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    private const int Backlog = 512;

    private readonly Socket _socket;

    private ListeningSocket(Socket socket) => _socket = socket;

    /// <summary>Binds the path; a socket file that nobody listens on any more is replaced.</summary>
    /// <exception cref="StartException">Somebody else listens there, or the path cannot be used.</exception>
    public static ListeningSocket Bind(UnixEndpoint endpoint)
    {
        RemoveStale(endpoint);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(endpoint.Path));
            // Between bind and listen nobody can connect: the wider mode that the umask gave is never usable.
            File.SetUnixFileMode(endpoint.Path, Mode);
            socket.Listen(Backlog);
            return new ListeningSocket(socket);
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw new StartException($"cannot listen on `{endpoint}`: {e.Message}: check that its directory exists and may be written", e);
        }
    }

    /// <summary>Takes a socket that is bound and listening already: systemd holds it over restarts.</summary>
    public static ListeningSocket Inherit(Socket socket) => new(socket);

    public ValueTask<Socket> AcceptAsync(CancellationToken cancelled) => _socket.AcceptAsync(cancelled);

    /// <summary>Stops listening; .NET unlinks the path that it bound, and leaves one that systemd bound.</summary>
    public void Dispose() => _socket.Dispose();

    private static void RemoveStale(UnixEndpoint endpoint)
    {
        if (!Path.Exists(endpoint.Path))
            return;
        try
        {
            endpoint.Dial().Dispose();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && SocketFile.IsSocket(endpoint.Path))
        {
            File.Delete(endpoint.Path);
            return;
        }
        catch (SocketException e)
        {
            throw new StartException($"cannot listen on `{endpoint}`: the path is taken by something that is no dead socket ({e.SocketErrorCode}): remove it or choose another path", e);
        }
        throw new StartException($"cannot listen on `{endpoint}`: another process listens there: stop it or choose another path");
    }
}
