using System.Net.Sockets;
using CriGuard.Linux;
using CriGuard.Linux.Mounts;
using CriGuard.Linux.Processes;

namespace CriGuard.Daemon;

/// <summary>The mounts that the runtime has, which need not be ours: it is the one that follows a path in the end.</summary>
/// <param name="endpoint">Whoever listens there.</param>
internal sealed class RuntimeMounts(UnixEndpoint endpoint)
{
    private readonly ProcessReader _processes = new();
    private volatile Listener? _last;

    /// <summary>Null where the runtime's process or its mounts cannot be seen.</summary>
    public MountView? View()
    {
        // The same process as the last time, as far as its executable tells: another connection would tell no more.
        if (_last is { } last && _processes.ReadExecutable(last.Pid) == last.Executable)
            return MountView.Of(last.Pid);
        try
        {
            using var socket = endpoint.Dial();
            var peer = PeerCredentials.Read(socket, _processes);
            _last = peer.Executable.Length > 0 ? new Listener(peer.Pid, peer.Executable) : null;
            return MountView.Of(peer.Pid);
        }
        catch (SocketException)
        {
            return null;
        }
    }

    private sealed record Listener(int Pid, string Executable);
}
