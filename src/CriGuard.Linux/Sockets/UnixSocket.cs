using System.Buffers.Binary;

namespace CriGuard.Linux.Sockets;

/// <summary>One unix socket as the kernel sees it.</summary>
/// <param name="Inode">Its number in `/proc/PID/fd`: `socket:[Inode]`.</param>
/// <param name="IsEstablished">It is connected, or has been.</param>
/// <param name="Peer">Number of the socket at the other end; 0 where there is none.</param>
/// <param name="FileInode">Of the file that it was bound to, or that the listener of this end was bound to; 0 where there is none.</param>
/// <param name="FileDevice">Device of that file: the major number above 20 bits of the minor one.</param>
internal readonly record struct UnixSocket(uint Inode, bool IsEstablished, uint Peer, uint FileInode, uint FileDevice)
{
    private const int MessageSize = 16;
    private const ushort File = 1;
    private const ushort PeerInode = 2;
    private const byte Established = 1;

    /// <summary>`struct unix_diag_msg` and what follows it: attributes of two bytes of length, two of type, and content.</summary>
    public static UnixSocket Parse(ReadOnlySpan<byte> message)
    {
        var socket = new UnixSocket(BinaryPrimitives.ReadUInt32LittleEndian(message[4..]), message[2] == Established, 0, 0, 0);
        for (var rest = message[MessageSize..]; rest.Length >= 4;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            if (length < 4 || length > rest.Length)
                break;
            var content = rest[4..length];
            socket = BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]) switch
            {
                File when content.Length >= 8 => socket with
                {
                    FileInode = BinaryPrimitives.ReadUInt32LittleEndian(content),
                    FileDevice = BinaryPrimitives.ReadUInt32LittleEndian(content[4..]),
                },
                PeerInode when content.Length >= 4 => socket with { Peer = BinaryPrimitives.ReadUInt32LittleEndian(content) },
                _ => socket,
            };
            rest = rest[Math.Min((length + 3) & ~3, rest.Length)..];
        }

        return socket;
    }
}
