using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CriGuard.Linux.Sockets;

/// <summary>Asks the kernel for the unix sockets of this network namespace (sock_diag(7), `linux/unix_diag.h`).</summary>
internal static partial class UnixDiagnosis
{
    private const int AfNetlink = 16;
    private const int RawCloseOnExec = 3 | 0x80000;
    private const int NetlinkSockDiag = 4;

    /// <summary>SOCK_DIAG_BY_FAMILY as a request for all of them: NLM_F_REQUEST and NLM_F_DUMP.</summary>
    private const ushort ByFamily = 20;
    private const ushort RequestDump = 0x301;
    private const int HeaderSize = 16;
    private const int RequestSize = HeaderSize + 24;
    private const byte AfUnix = 1;
    private const uint ShowFile = 0x2;
    private const uint ShowPeer = 0x4;

    private const ushort MessageError = 2;
    private const ushort MessageDone = 3;
    private const int BufferSize = 64 * 1024;

    /// <summary>Every unix socket that there is.</summary>
    /// <exception cref="Win32Exception">The kernel does not tell: it was built without `unix_diag`, or may not load it any more.</exception>
    public static List<UnixSocket> Read()
    {
        using var netlink = Socket(AfNetlink, RawCloseOnExec, NetlinkSockDiag);
        if (netlink.IsInvalid || Send(netlink, ref MemoryMarshal.GetReference(Request()), RequestSize, 0) != RequestSize)
            throw new Win32Exception();
        var sockets = new List<UnixSocket>();
        var buffer = new byte[BufferSize];
        while (true)
        {
            var length = (int)Receive(netlink, ref buffer[0], BufferSize, 0);
            if (length <= 0)
                throw new Win32Exception();
            if (!TakeAll(buffer.AsSpan(0, length), sockets))
                return sockets;
        }
    }

    private static Span<byte> Request()
    {
        var request = new byte[RequestSize];
        BinaryPrimitives.WriteInt32LittleEndian(request, RequestSize);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(4), ByFamily);
        BinaryPrimitives.WriteUInt16LittleEndian(request.AsSpan(6), RequestDump);
        var body = request.AsSpan(HeaderSize);
        body[0] = AfUnix;
        BinaryPrimitives.WriteUInt32LittleEndian(body[4..], uint.MaxValue); // states: all
        BinaryPrimitives.WriteUInt32LittleEndian(body[12..], ShowFile | ShowPeer);
        return request;
    }

    /// <summary>False where these messages were the last.</summary>
    private static bool TakeAll(ReadOnlySpan<byte> messages, List<UnixSocket> sockets)
    {
        while (messages.Length >= HeaderSize)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(messages);
            if (length < HeaderSize || length > messages.Length)
                throw new Win32Exception(0, "the kernel's answer about unix sockets cannot be read");
            switch (BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]))
            {
                case MessageDone:
                    return false;
                case MessageError:
                    throw new Win32Exception(-BinaryPrimitives.ReadInt32LittleEndian(messages[HeaderSize..]));
                default:
                    sockets.Add(UnixSocket.Parse(messages[HeaderSize..length]));
                    break;
            }

            messages = messages[Math.Min((length + 3) & ~3, messages.Length)..];
        }

        return true;
    }

    [LibraryImport("libc", EntryPoint = "socket", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Socket(int family, int type, int protocol);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Send(SafeFileHandle socket, ref byte octets, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Receive(SafeFileHandle socket, ref byte octets, nint length, int flags);
}
