using System.Text;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Channel;

/// <summary>Writes the header blocks of one connection to the runtime (gRPC over HTTP/2, "Requests").</summary>
internal sealed class RequestBlock
{
    private readonly ByteQueue _block = new();
    private bool _tableAnnounced;

    public void Write(RuntimeCall call, ByteQueue output)
    {
        // Nothing is ever indexed, so the runtime may free its table (RFC 7541 section 6.3).
        if (!_tableAnnounced)
            HpackEncoder.WriteTableSizeUpdate(0, _block);
        _tableAnnounced = true;

        Write(":method"u8, "POST"u8);
        Write(":scheme"u8, "http"u8);
        // The path as it is: what was judged is what is called. The authority is what kubelets send since 1.31.
        Write(":path"u8, Encoding.Latin1.GetBytes(call.Path));
        Write(":authority"u8, "localhost"u8);
        Write("te"u8, "trailers"u8);
        if (call.Headers is null || !call.Headers.TryGet("content-type", out _))
            Write("content-type"u8, "application/grpc"u8);
        call.Headers?.Encode(_block);
        BlockWriter.Write(output, call.StreamId, endStream: false, _block.Octets);
        _block.Clear();
    }

    public void Release() => _block.Release();

    private void Write(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) => HpackEncoder.WriteField(name, value, neverIndexed: false, _block);
}
