using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Sockets;

/// <summary>Writes an encoded header block as a HEADERS frame and as many CONTINUATION frames as it needs (RFC 9113 section 6.10).</summary>
internal static class BlockWriter
{
    public static void Write(ByteQueue output, int streamId, bool endStream, ReadOnlySpan<byte> block)
    {
        var fragment = block[..Math.Min(block.Length, FrameReader.MaxFrameSize)];
        block = block[fragment.Length..];
        output.Advance(FrameWriter.WriteHeadersHeader(output.GetSpan(FrameHeader.Size), streamId, fragment.Length, endStream, block.IsEmpty));
        output.Append(fragment);
        while (!block.IsEmpty)
        {
            fragment = block[..Math.Min(block.Length, FrameReader.MaxFrameSize)];
            block = block[fragment.Length..];
            output.Advance(FrameWriter.WriteContinuationHeader(output.GetSpan(FrameHeader.Size), streamId, fragment.Length, block.IsEmpty));
            output.Append(fragment);
        }
    }
}
