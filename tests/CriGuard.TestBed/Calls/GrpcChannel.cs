using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Google.Protobuf;

namespace CriGuard.TestBed.Calls;

/// <summary>A gRPC client on one socket, over the framework's HTTP/2: unary and server-streaming calls, bytes in, bytes out.</summary>
public sealed class GrpcChannel : IDisposable
{
    private const int PrefixLength = 5;

    private readonly HttpMessageInvoker invoker;

    /// <param name="server">A unix socket, or a port where one is behind that.</param>
    public GrpcChannel(EndPoint server) => invoker = new HttpMessageInvoker(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancellation) => await ConnectAsync(server, cancellation),
        EnableMultipleHttp2Connections = false,
    });

    /// <summary>Calls `/package.Service/Method` with one serialised message; returns whatever came of it, an error status included.</summary>
    /// <exception cref="HttpRequestException">The connection, not the call, failed.</exception>
    public Task<GrpcReply> CallAsync(string method, ReadOnlyMemory<byte> message, CancellationToken cancellation = default) =>
        CallAsync(method, message, timeout: null, cancellation);

    /// <summary>The same, with a deadline that only the other side knows of: `grpc-timeout`, in milliseconds.</summary>
    public async Task<GrpcReply> CallAsync(
        string method, ReadOnlyMemory<byte> message, TimeSpan? timeout, CancellationToken cancellation = default)
    {
        using var response = await SendAsync(method, message, timeout, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var messages = new List<byte[]>();
        while (await ReadMessageAsync(body, cancellation) is { } reply)
            messages.Add(reply);

        var (code, text) = StatusOf(response);
        var trailers = response.TrailingHeaders
            .Where(header => !header.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}");
        return new GrpcReply(code, text, messages, [.. trailers]);
    }

    /// <summary>Makes a unary call and returns its message.</summary>
    /// <exception cref="CallFailedException">The call ended with an error status.</exception>
    public async Task<TReply> CallAsync<TReply>(string method, IMessage request, CancellationToken cancellation = default)
        where TReply : IMessage<TReply>, new()
    {
        var reply = await CallAsync(method, request.ToByteArray(), cancellation);
        if (reply.Code != 0)
            throw new CallFailedException(method, reply.Code, reply.Text);

        return new MessageParser<TReply>(() => new TReply()).ParseFrom(reply.Messages.Single());
    }

    /// <summary>Makes a server-streaming call and yields its messages as they come.</summary>
    /// <exception cref="CallFailedException">The stream ended with an error status.</exception>
    public async IAsyncEnumerable<TReply> StreamAsync<TReply>(
        string method, IMessage request, [EnumeratorCancellation] CancellationToken cancellation = default)
        where TReply : IMessage<TReply>, new()
    {
        using var response = await SendAsync(method, request.ToByteArray(), timeout: null, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var parser = new MessageParser<TReply>(() => new TReply());
        while (await ReadMessageAsync(body, cancellation) is { } reply)
            yield return parser.ParseFrom(reply);

        var (code, text) = StatusOf(response);
        if (code != 0)
            throw new CallFailedException(method, code, text);
    }

    public void Dispose() => invoker.Dispose();

    private static async Task<Stream> ConnectAsync(EndPoint server, CancellationToken cancellation)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(server, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // gRPC over HTTP/2: a message is one byte of flags (0: not compressed) and four of length before its bytes.
    private async Task<HttpResponseMessage> SendAsync(
        string method, ReadOnlyMemory<byte> message, TimeSpan? timeout, CancellationToken cancellation)
    {
        var framed = new byte[PrefixLength + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), message.Length);
        message.CopyTo(framed.AsMemory(PrefixLength));

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("http://localhost" + method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(framed) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } },
        };
        request.Headers.TE.Add(new TransferCodingWithQualityHeaderValue("trailers"));
        if (timeout is { } limit)
            request.Headers.Add("grpc-timeout", string.Create(CultureInfo.InvariantCulture, $"{limit.TotalMilliseconds:F0}m"));
        return await invoker.SendAsync(request, cancellation);
    }

    private static async Task<byte[]?> ReadMessageAsync(Stream body, CancellationToken cancellation)
    {
        var prefix = new byte[PrefixLength];
        var read = await body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellation);
        if (read == 0)
            return null;
        if (read < PrefixLength)
            throw new InvalidDataException("the reply ends inside a message's prefix");

        var message = new byte[BinaryPrimitives.ReadInt32BigEndian(prefix.AsSpan(1))];
        await body.ReadExactlyAsync(message, cancellation);
        return message;
    }

    // A call that fails before its first message carries the status in the headers (Trailers-Only).
    private static (int Code, string Text) StatusOf(HttpResponseMessage response)
    {
        string? Field(string name) =>
            response.TrailingHeaders.TryGetValues(name, out var trailer) ? trailer.Single()
            : response.Headers.TryGetValues(name, out var header) ? header.Single()
            : null;

        var status = Field("grpc-status")
            ?? throw new InvalidDataException($"the reply has no gRPC status, its HTTP status is {(int)response.StatusCode}");
        return (int.Parse(status, CultureInfo.InvariantCulture), Uri.UnescapeDataString(Field("grpc-message") ?? ""));
    }
}
