using System.Net;

namespace CriGuard.Grpc.Calls;

/// <summary>The body of a request: one message behind its prefix, copied nowhere.</summary>
internal sealed class RequestBody(ReadOnlyMemory<byte> message) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var prefix = new byte[MessageFraming.PrefixSize];
        MessageFraming.Write(prefix, message.Length);
        await stream.WriteAsync(prefix, cancellationToken);
        await stream.WriteAsync(message, cancellationToken);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    // gRPC has no content-length (gRPC over HTTP/2, "Requests").
    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
