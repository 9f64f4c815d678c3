using System.Net.Sockets;
using System.Text;

namespace CriGuard.Daemon;

/// <summary>A unix socket, as the kubelet and crictl write it: `unix:///run/containerd/containerd.sock`, or the path alone.</summary>
/// <param name="Path">Absolute path.</param>
internal sealed record UnixEndpoint(string Path)
{
    /// <summary>Bytes that `sockaddr_un.sun_path` holds, its closing zero counted (unix(7)).</summary>
    private const int PathCapacity = 108;

    public static bool TryParse(string? text, out UnixEndpoint endpoint, out string error)
    {
        endpoint = new UnixEndpoint("");
        string path = text ?? "";
        if (path.StartsWith("unix://", StringComparison.Ordinal))
            path = path["unix://".Length..];
        error = path switch
        {
            "" => "is empty: write `unix:///path/to.sock`",
            _ when path.Contains("://", StringComparison.Ordinal) => $"`{text}` is not a unix socket: write `unix:///path/to.sock`",
            _ when !System.IO.Path.IsPathRooted(path) => $"`{text}` is not an absolute path: write `unix:///path/to.sock`",
            _ when Encoding.UTF8.GetByteCount(path) >= PathCapacity => $"`{text}` is longer than the {PathCapacity - 1} bytes that a unix socket's path may have",
            _ => "",
        };
        if (error.Length > 0)
            return false;
        endpoint = new UnixEndpoint(path);
        return true;
    }

    /// <summary>Connects a new stream socket.</summary>
    /// <exception cref="SocketException">Nothing listens there, or it may not be reached.</exception>
    public Socket Dial()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(Path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public override string ToString() => $"unix://{Path}";
}
