using System.Buffers;
using System.Net.Sockets;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Sockets;

/// <summary>Cuts what a blocking socket delivers into whole frames, many a read.</summary>
internal sealed class FrameReader(Socket socket) : IDisposable
{
    /// <summary>
    /// Octets of the largest frame: the least that RFC 9113 section 4.2 lets a receiver ask for, and what gRPC implementations send. A frame is
    /// held whole before it goes on, so the relay lowers SETTINGS_MAX_FRAME_SIZE to this both ways.
    /// </summary>
    public const int MaxFrameSize = FrameRules.DefaultMaxFrameSize;

    private const int Capacity = 64 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(Capacity);
    private int _start;
    private int _end;

    /// <summary>Waits for octets; false at the end of the connection, however it came.</summary>
    public bool TryFill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start.._end).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        try
        {
            var received = socket.Receive(_buffer.AsSpan(_end));
            _end += received;
            return received > 0;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <summary>The next whole frame, header included, valid until the next fill; false when more octets are needed.</summary>
    /// <exception cref="ConnectionFaultException">The header breaks RFC 9113 section 6, whether or not its payload has come.</exception>
    public bool TryNext(out FrameHeader header, out ReadOnlySpan<byte> frame)
    {
        frame = default;
        var rest = _buffer.AsSpan(_start.._end);
        if (!FrameHeader.TryParse(rest, out header))
            return false;

        var error = FrameRules.Check(header, MaxFrameSize);
        if (error is not ErrorCode.NoError)
            throw new ConnectionFaultException(error, $"{header.Type} frame of {header.Length} octets on stream {header.StreamId}: forbidden");

        var size = FrameHeader.Size + header.Length;
        if (rest.Length < size)
            return false;

        frame = rest[..size];
        _start += size;
        return true;
    }

    /// <summary>Forgets what was read and not taken.</summary>
    public void Discard() => _start = _end;

    /// <summary>True when all of <paramref name="expected"/> stands next and was taken, null when more octets are needed.</summary>
    public bool? TryTake(ReadOnlySpan<byte> expected)
    {
        var rest = _buffer.AsSpan(_start.._end);
        var length = Math.Min(rest.Length, expected.Length);
        if (!rest[..length].SequenceEqual(expected[..length]))
            return false;
        if (length < expected.Length)
            return null;
        _start += length;
        return true;
    }

    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
