using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>What came back from one call.</summary>
public sealed record CallReply(SortedDictionary<string, string> Headers, SortedDictionary<string, string> Trailers, List<byte[]> Messages)
{
    public string Status => Trailers.GetValueOrDefault("grpc-status") ?? Headers.GetValueOrDefault("grpc-status") ?? "none";

    public string StatusMessage => Trailers.GetValueOrDefault("grpc-message") ?? Headers.GetValueOrDefault("grpc-message") ?? "";
}

/// <summary>The framework's HTTP/2 client over a unix socket.</summary>
public sealed class CallClient : IDisposable
{
    private readonly HttpMessageInvoker _invoker;

    public CallClient(string socket, int? window = null)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = (_, _) => new ValueTask<Stream>(new NetworkStream(RelayHost.Connect(socket), ownsSocket: true)),
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ActivityHeadersPropagator = null,
        };
        if (window is { } size)
            handler.InitialHttp2StreamWindowSize = size;
        _invoker = new HttpMessageInvoker(handler);
    }

    public async Task<CallReply> CallAsync(string method, byte[] message, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(method, message, CancellationToken.None, headers);
        var body = await response.Content.ReadAsByteArrayAsync();
        var head = Read(response.Headers);
        foreach (var (name, value) in Read(response.Content.Headers))
            head[name] = value;
        return new CallReply(head, Read(response.TrailingHeaders), Framing.Split(body));
    }

    public Task<HttpResponseMessage> SendAsync(
        string method, byte[] message, CancellationToken cancellation, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"http://localhost/test.Echo/{method}"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(Framing.Frame(message)),
        };
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return _invoker.SendAsync(request, cancellation);
    }

    public void Dispose() => _invoker.Dispose();

    private static SortedDictionary<string, string> Read(HttpHeaders headers)
    {
        var read = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in headers.NonValidated)
        {
            // Of one hop or of one moment.
            if (name.ToLowerInvariant() is not ("date" or "content-length"))
                read[name.ToLowerInvariant()] = string.Join("|", values);
        }

        return read;
    }
}
