using System.Buffers.Binary;
using System.Collections.Concurrent;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>A CRI runtime on a socket of its own that says what a test lets it say, for what no real one can be brought to do; keeps what it was sent.</summary>
internal sealed class ScriptedRuntime : IAsyncDisposable
{
    private const int PrefixLength = 5;

    private readonly WebApplication _app;

    private ScriptedRuntime(WebApplication app) => _app = app;

    /// <summary>Replies by method name; a method without one gets the empty message.</summary>
    public ConcurrentDictionary<string, Func<CancellationToken, Task<IMessage>>> Replies { get; } = new()
    {
        ["PodSandboxStatus"] = static _ => Task.FromResult<IMessage>(new PodSandboxStatusResponse
        {
            Status = new PodSandboxStatus { Id = "5a0dbc", Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" } },
        }),
    };

    /// <summary>Methods and request messages, in the order of arrival.</summary>
    public ConcurrentQueue<(string Method, byte[] Message)> Requests { get; } = new();

    public static async Task<ScriptedRuntime> StartAsync(string socket)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(socket, static listen => listen.Protocols = HttpProtocols.Http2));
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        var runtime = new ScriptedRuntime(app);
        app.Run(runtime.AnswerAsync);
        await app.StartAsync();
        return runtime;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        context.Response.ContentType = "application/grpc";
        var method = context.Request.Path.Value!.Split('/')[^1];
        var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        Requests.Enqueue((method, body.ToArray()[PrefixLength..]));
        var reply = Replies.TryGetValue(method, out var script) ? (await script(context.RequestAborted)).ToByteArray() : [];
        var framed = new byte[PrefixLength + reply.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed.AsSpan(1), reply.Length);
        reply.CopyTo(framed, PrefixLength);
        await context.Response.Body.WriteAsync(framed);
        context.Features.Get<IHttpResponseTrailersFeature>()!.Trailers["grpc-status"] = "0";
    }
}
