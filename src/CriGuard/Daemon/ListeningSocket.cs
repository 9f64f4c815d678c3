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
            throw new StartException($"cannot listen on `{endpoint}`: {Cause(endpoint, e)}", e);
        }
    }

    /// <summary>Takes a socket that is bound and listening already: systemd holds it over restarts.</summary>
    public static ListeningSocket Inherit(Socket socket) => new(socket);

    public ValueTask<Socket> AcceptAsync(CancellationToken cancelled) => _socket.AcceptAsync(cancelled);

    /// <summary>Stops listening; .NET unlinks the path that it bound, and leaves one that systemd bound.</summary>
    public void Dispose() => _socket.Dispose();

    /// <summary>bind(2) says EADDRNOTAVAIL, or what .NET takes for it, where there is no directory.</summary>
    private static string Cause(UnixEndpoint endpoint, Exception e)
    {
        string directory = Path.GetDirectoryName(endpoint.Path) ?? "/";
        if (!Directory.Exists(directory))
            return $"there is no directory `{directory}`: create it, or give `--listen` another path";
        return e is UnauthorizedAccessException or SocketException { SocketErrorCode: SocketError.AccessDenied }
            ? $"`{directory}` may not be written: run as root, or give `--listen` another path"
            : $"{e.Message}: free it, or give `--listen` another path";
    }

    private static void RemoveStale(UnixEndpoint endpoint)
    {
        if (!Path.Exists(endpoint.Path))
            return;
        try
        {
            endpoint.Dial().Dispose();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused && FileStat.IsSocket(endpoint.Path))
        {
            File.Delete(endpoint.Path);
            return;
        }
        catch (SocketException e)
        {
            throw new StartException($"cannot listen on `{endpoint}`: there is something else than a socket of ours: remove it or choose another path", e);
        }
        throw new StartException($"cannot listen on `{endpoint}`: another process listens there: stop it or choose another path");
    }
}
