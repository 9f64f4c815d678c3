using System.Net.Sockets;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The frames that a socket delivers, one after the other.</summary>
internal sealed class FrameSource(Socket socket)
{
    private readonly byte[] _octets = new byte[FrameHeader.Size + FrameRules.DefaultMaxFrameSize];

    /// <summary>False at the end of the connection, also at one that comes hard.</summary>
    /// <exception cref="SocketException">Nothing came for as long as the socket waits.</exception>
    public bool TryReceive(out FrameHeader header, out ReadOnlySpan<byte> payload)
    {
        payload = default;
        header = default;
        if (!TryFill(_octets.AsSpan(0, FrameHeader.Size)) || !FrameHeader.TryParse(_octets, out header))
            return false;
        Promise.Keep(header.Length <= FrameRules.DefaultMaxFrameSize, "frames are as small as both sides ask");
        var rest = _octets.AsSpan(FrameHeader.Size, header.Length);
        payload = rest;
        return TryFill(rest);
    }

    /// <summary>Takes octets that are no frame; false at the end of the connection.</summary>
    public bool TrySkip(int octets) => TryFill(_octets.AsSpan(0, octets));

    private bool TryFill(Span<byte> octets)
    {
        try
        {
            while (!octets.IsEmpty)
            {
                var received = socket.Receive(octets);
                if (received == 0)
                    return false;
                octets = octets[received..];
            }

            return true;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.ConnectionReset)
        {
            return false;
        }
    }
}
