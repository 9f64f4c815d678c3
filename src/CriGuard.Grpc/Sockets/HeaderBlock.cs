using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Sockets;

/// <summary>A header block that arrives in several frames, which nothing may come between (RFC 9113 section 4.3).</summary>
internal sealed class HeaderBlock(int maxOctets, int maxContinuations)
{
    private readonly ByteQueue _octets = new();
    private int _continuations;

    /// <summary>The HEADERS frame that began the block; stream 0 when none is open.</summary>
    public FrameHeader First { get; private set; }

    public bool IsOpen => First.StreamId != 0;

    public ReadOnlySpan<byte> Octets => _octets.Octets;

    /// <summary>Nothing but the continuation of an open block may follow it, and no continuation comes without one (RFC 9113 section 6.10).</summary>
    /// <exception cref="ConnectionFaultException">The frame is out of place.</exception>
    public void CheckOrder(in FrameHeader header)
    {
        var continues = header.Type is FrameType.Continuation;
        if (continues != IsOpen || (IsOpen && header.StreamId != First.StreamId))
            throw new ConnectionFaultException(ErrorCode.ProtocolError, $"{header.Type} frame on stream {header.StreamId}: out of order");
    }

    public void Begin(in FrameHeader header, ReadOnlySpan<byte> octets)
    {
        First = header;
        _continuations = 0;
        Add(octets);
    }

    /// <exception cref="ConnectionFaultException">The block is larger or in more pieces than is allowed (CVE-2024-27316 and its kin).</exception>
    public void Continue(ReadOnlySpan<byte> octets)
    {
        if (++_continuations > maxContinuations)
            throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, $"header block in more than {maxContinuations} continuations");
        Add(octets);
    }

    public void End()
    {
        First = default;
        _octets.Clear();
    }

    public void Release() => _octets.Release();

    private void Add(ReadOnlySpan<byte> octets)
    {
        if (_octets.Length + octets.Length > maxOctets)
            throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, $"header block of more than {maxOctets} octets");
        _octets.Append(octets);
    }
}
