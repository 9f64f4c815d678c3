using System.Net;

namespace CriGuard.Grpc.Calls;

/// <summary>The body of a request: one message behind its prefix.</summary>
internal sealed class RequestBody(ReadOnlyMemory<byte> message) : HttpContent
{
    /// <summary>Octets of a message that costs less to copy than a second DATA frame and its hop to the framework's writer.</summary>
    private const int WorthCopying = 64 * 1024;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var joined = message.Length <= WorthCopying ? message : ReadOnlyMemory<byte>.Empty;
        var first = new byte[MessageFraming.PrefixSize + joined.Length];
        MessageFraming.Write(first, message.Length);
        joined.CopyTo(first.AsMemory(MessageFraming.PrefixSize));
        await stream.WriteAsync(first, cancellationToken);
        if (joined.Length < message.Length)
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
