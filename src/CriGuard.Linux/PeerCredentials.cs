using System.Net.Sockets;
using System.Runtime.InteropServices;
using CriGuard.Core.Events;
using CriGuard.Linux.Processes;

namespace CriGuard.Linux;

/// <summary>Who is at the other end of a unix socket (SO_PEERCRED in unix(7)).</summary>
public static class PeerCredentials
{
    private const int SolSocket = 1;

    private const int SoPeerCred = 17;

    /// <summary>
    /// The process that connected, as it was when it did. The executable is looked up now: a process that has ended since has none, and
    /// one that has called execve since has its new one.
    /// </summary>
    /// <exception cref="SocketException">The socket is not connected, or is no unix socket.</exception>
    public static Caller Read(Socket socket, ProcessReader processes)
    {
        Span<byte> bytes = stackalloc byte[Marshal.SizeOf<UCred>()];
        if (socket.AddressFamily != AddressFamily.Unix || socket.GetRawSocketOption(SolSocket, SoPeerCred, bytes) != bytes.Length)
            throw new SocketException((int)SocketError.OperationNotSupported);

        var peer = MemoryMarshal.Read<UCred>(bytes);
        return new Caller(peer.Pid, peer.Uid, peer.Pid == 0 ? "" : processes.ReadExecutable(peer.Pid));
    }

    // struct ucred of socket(7); pid 0 is a process outside of our pid namespace.
    [StructLayout(LayoutKind.Sequential)]
    private readonly struct UCred
    {
        public readonly int Pid;
        public readonly uint Uid;
        public readonly uint Gid;
    }
}
