using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>An echo server, a relay to it, and a client on either socket.</summary>
public sealed class Route : IAsyncDisposable
{
    private readonly SocketDirectory _sockets;

    private Route(SocketDirectory sockets, EchoServer server, RelayHost relay, int? clientWindow)
    {
        _sockets = sockets;
        Server = server;
        Relay = relay;
        Straight = new CallClient(sockets.Path("runtime.sock"), clientWindow);
        Through = new CallClient(relay.Socket, clientWindow);
    }

    public EchoServer Server { get; }

    public string ServerSocket => _sockets.Path("runtime.sock");

    public RelayHost Relay { get; }

    public CallClient Straight { get; }

    public CallClient Through { get; }

    public static async Task<Route> StartAsync(
        LiftedCallHandler? handler = null, Func<RelayOptions, RelayOptions>? configure = null, int? serverWindow = null, int? clientWindow = null)
    {
        var sockets = new SocketDirectory();
        var server = await EchoServer.StartAsync(sockets.Path("runtime.sock"), serverWindow);
        var relay = new RelayHost(sockets.Path("relay.sock"), sockets.Path("runtime.sock"), handler, configure);
        return new Route(sockets, server, relay, clientWindow);
    }

    public async ValueTask DisposeAsync()
    {
        Straight.Dispose();
        Through.Dispose();
        Relay.Dispose();
        await Server.DisposeAsync();
        _sockets.Dispose();
    }
}
