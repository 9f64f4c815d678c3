using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>A gRPC server on Kestrel, made by hand: what a runtime may answer, in one method each.</summary>
public sealed class EchoServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _connections = new();
    private readonly WebApplication _app;

    private EchoServer(WebApplication app) => _app = app;

    /// <summary>Completes when a call of <c>Hold</c> has begun, then when it was cancelled.</summary>
    public Gate Held { get; } = new();

    /// <summary>Connections that calls came by.</summary>
    public int Connections => _connections.Count;

    public static async Task<EchoServer> StartAsync(string socket, int? initialWindow = null)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.ListenUnixSocket(socket, listen => listen.Protocols = HttpProtocols.Http2);
            kestrel.Limits.MaxRequestBodySize = null;
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
            kestrel.Limits.Http2.MaxStreamsPerConnection = 5000;
            kestrel.Limits.Http2.InitialStreamWindowSize = initialWindow ?? (768 * 1024);
            kestrel.Limits.Http2.InitialConnectionWindowSize = initialWindow ?? (1024 * 1024);
            kestrel.Limits.MaxResponseBufferSize = null;
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        var server = new EchoServer(app);
        app.Run(server.AnswerAsync);
        await app.StartAsync();
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        _connections.TryAdd(context.Connection.Id, true);
        context.Response.ContentType = "application/grpc";
        var trailers = context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers;
        foreach (var (name, value) in context.Request.Headers)
        {
            if (name.StartsWith("x-", StringComparison.Ordinal))
            {
                context.Response.Headers[name] = value;
                trailers[name + "-trailer"] = value;
            }
        }

        if (context.Request.Headers["grpc-timeout"] is [var timeout])
            context.Response.Headers["x-timeout-seen"] = timeout;

        var method = context.Request.Path.Value!.Split('/')[^1];
        if (method is "Refuse" or "LiftRefuse")
        {
            // Trailers-Only: all in the one header block.
            trailers.Clear();
            context.Response.Headers["grpc-status"] = "7";
            context.Response.Headers["grpc-message"] = "not you";
            return;
        }

        var message = await Framing.ReadAsync(context.Request.Body);
        switch (method)
        {
            case "Unary" or "Lift" or "LiftUnary":
                await context.Response.Body.WriteAsync(Framing.Frame(message));
                break;
            case "Stream" or "LiftStream":
                await StreamAsync(context, message);
                break;
            case "Hold" or "LiftHold":
                await HoldAsync(context);
                return;
            case "Fail" or "LiftFail":
                trailers["grpc-status"] = "9";
                trailers["grpc-message"] = "caf%C3%A9 is closed";
                trailers["grpc-status-details-bin"] = "CAkSBGNhZsOp";
                return;
            case "Abort" or "LiftAbort":
                context.Abort();
                return;
        }

        trailers["grpc-status"] = "0";
    }

    // Request: count and size of the messages, four octets each.
    private static async Task StreamAsync(HttpContext context, byte[] message)
    {
        var count = BinaryPrimitives.ReadInt32BigEndian(message);
        var reply = new byte[BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(4))];
        for (var i = 0; i < count; i++)
        {
            reply.AsSpan().Fill((byte)i);
            await context.Response.Body.WriteAsync(Framing.Frame(reply));
            await context.Response.Body.FlushAsync();
        }
    }

    // One message at once, then nothing until the client goes.
    private async Task HoldAsync(HttpContext context)
    {
        await context.Response.Body.WriteAsync(Framing.Frame([1, 2, 3]));
        await context.Response.Body.FlushAsync();
        Held.Begun.TrySetResult();
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = context.RequestAborted.Register(() => gone.TrySetResult());
        await gone.Task;
        Held.Cancelled.TrySetResult();
    }

    public sealed class Gate
    {
        public TaskCompletionSource Begun { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
