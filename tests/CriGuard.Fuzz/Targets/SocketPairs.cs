using System.Net.Sockets;

namespace CriGuard.Fuzz.Targets;

/// <summary>Connected unix sockets in one process.</summary>
internal sealed class SocketPairs
{
    private readonly string _path;
    private readonly Socket _listener = New();

    public SocketPairs(string name)
    {
        _path = Path.Combine(Path.GetTempPath(), $"criguard-fuzz-{name}-{Environment.ProcessId}.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(_path);
    }

    public (Socket Near, Socket Far) Next()
    {
        var near = New();
        near.Connect(new UnixDomainSocketEndPoint(_path));
        return (near, _listener.Accept());
    }

    private static Socket New() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
}
