using System.Net;
using System.Net.Sockets;
using System.Text;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Calls;

/// <summary>CriGuard's own client to the runtime: for lifted calls that go on, and for questions of its own. Connects at the first call.</summary>
public sealed class RuntimeChannel : IDisposable
{
    // Replies come over a socket of this machine into a reader that keeps up: the window only bounds what one call may have in memory.
    private const int StreamWindow = 1024 * 1024;
    private const int CopyBuffer = 64 * 1024;
    private const int MaxHeaderKilobytes = 128;

    private readonly string _name;
    private readonly HttpMessageInvoker _invoker;

    // The framework measures the bandwidth with pings of its own, which a grpc-go runtime takes for abuse. Read once per process, at the first
    // handler.
    static RuntimeChannel() => AppContext.SetSwitch("System.Net.SocketsHttpHandler.Http2FlowControl.DisableDynamicWindowSizing", true);

    public RuntimeChannel(string socketPath)
    {
        _name = $"unix://{socketPath}";
        var endpoint = new UnixDomainSocketEndPoint(socketPath);
        _invoker = new HttpMessageInvoker(new SocketsHttpHandler
        {
            ConnectCallback = (_, cancellation) => ConnectAsync(endpoint, cancellation),
            InitialHttp2StreamWindowSize = StreamWindow,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ActivityHeadersPropagator = null,
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
        });
    }

    /// <summary>A unary call. Fails only by <paramref name="cancellation"/>: a runtime that is not there is the status UNAVAILABLE.</summary>
    public async Task<RuntimeReply> CallAsync(string path, ReadOnlyMemory<byte> message, CallMetadata? headers, CancellationToken cancellation)
    {
        try
        {
            using var request = NewRequest(path, message, headers);
            using var response = await _invoker.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            if (!StatusTrailers.TryRead(HttpMetadata.ReadTrailers(response), out var status)
                && !StatusTrailers.TryRead(HttpMetadata.ReadHeaders(response), out status))
                status = RuntimeFailure.NoStatus(_name, response.StatusCode);
            return status.IsOk ? ReadOne(path, body) : new RuntimeReply(status, default);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return new RuntimeReply(RuntimeFailure.Status(_name, e), default);
        }
    }

    /// <summary>
    /// Makes a lifted call with <paramref name="message"/> as its request and gives the reply to the client as it comes. Never fails: the client has
    /// its answer whatever the outcome. The status is CANCELLED when it went away before, and DEADLINE_EXCEEDED when its deadline passed.
    /// </summary>
    public async Task<ForwardOutcome> ForwardAsync(LiftedCall call, ReadOnlyMemory<byte> message, CancellationToken cancellation)
    {
        var first = new FirstMessageCapture();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(call.Cancelled, cancellation);
        GrpcStatus status;
        try
        {
            using var request = NewRequest(call.Path, message, call.Headers);
            using var response = await _invoker.SendAsync(request, either.Token);
            return new ForwardOutcome(await CopyAsync(response, call, first, either.Token), first.Message);
        }
        catch (OperationCanceledException)
        {
            status = new GrpcStatus(call.Expired ? StatusCode.DeadlineExceeded : StatusCode.Cancelled, "criguard: nobody waits for the reply any more");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            status = RuntimeFailure.Status(_name, e);
        }

        try
        {
            await call.RefuseAsync(status);
        }
        catch (OperationCanceledException)
        {
            // Nobody waits for it.
        }

        return new ForwardOutcome(status, first.Message);
    }

    public void Dispose() => _invoker.Dispose();

    private RuntimeReply ReadOne(string path, byte[] body)
    {
        if (MessageFraming.TryRead(body, out var prefix, out var valid)
            && valid && !prefix.Compressed && prefix.Length == body.Length - MessageFraming.PrefixSize)
            return new RuntimeReply(GrpcStatus.Ok, body.AsMemory(MessageFraming.PrefixSize));
        return new RuntimeReply(
            new GrpcStatus(StatusCode.Internal, $"criguard: runtime {_name} answered `{path}` with other than one message"), default);
    }

    private async Task<GrpcStatus> CopyAsync(HttpResponseMessage response, LiftedCall call, FirstMessageCapture first, CancellationToken cancellation)
    {
        var headers = HttpMetadata.ReadHeaders(response);
        // Trailers-Only: the one header block holds the status (gRPC over HTTP/2, "Responses").
        if (StatusTrailers.TryRead(headers, out var status))
        {
            await call.FinishAsync(headers);
            return status;
        }

        if (response.StatusCode is not HttpStatusCode.OK)
        {
            status = RuntimeFailure.NoStatus(_name, response.StatusCode);
            await call.RefuseAsync(status);
            return status;
        }

        call.Corked = true;
        await call.StartAsync(headers);
        await CopyBodyAsync(response, call, first, cancellation);
        var trailers = HttpMetadata.ReadTrailers(response);
        if (!StatusTrailers.TryRead(trailers, out status))
        {
            status = RuntimeFailure.NoStatus(_name, response.StatusCode);
            trailers = StatusTrailers.Write(status);
        }

        await call.FinishAsync(trailers);
        return status;
    }

    private static async Task CopyBodyAsync(HttpResponseMessage response, LiftedCall call, FirstMessageCapture first, CancellationToken cancellation)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            while (true)
            {
                var read = body.ReadAsync(buffer, cancellation);
                // Nothing waits here while the runtime thinks.
                if (!read.IsCompleted)
                    call.Flush();
                var count = await read;
                if (count == 0)
                    return;
                first.Append(buffer.AsSpan(0, count));
                await call.WriteAsync(buffer.AsMemory(0, count), cancellation);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static HttpRequestMessage NewRequest(string path, ReadOnlyMemory<byte> message, CallMetadata? headers)
    {
        // The path as it is: what was judged is what is called. The authority is what kubelets send since 1.31.
        var uri = new Uri($"http://localhost{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new RequestBody(message),
        };
        if (headers is not null)
            HttpMetadata.Write(headers, request);
        if (headers is null || !headers.TryGet("content-type", out _))
            request.Content.Headers.TryAddWithoutValidation("content-type", "application/grpc");
        request.Headers.TryAddWithoutValidation("te", "trailers");
        return request;
    }

    private static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint endpoint, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endpoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
