using System.Collections.Concurrent;
using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>
/// A relay that listens on a socket, lifts the calls whose method begins with <c>Lift</c>, and forwards them unless told otherwise.
/// </summary>
public sealed class RelayHost : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly RuntimeChannel _channel;
    private readonly RelayOptions _options;
    private readonly LiftedCallHandler? _handler;

    public RelayHost(string listen, string runtime, LiftedCallHandler? handler = null, Func<RelayOptions, RelayOptions>? configure = null)
    {
        _channel = new RuntimeChannel(runtime);
        _handler = handler;
        var options = new RelayOptions
        {
            Dial = () => Connect(runtime),
            RuntimeName = $"unix://{runtime}",
            Lifts = path => path.IndexOf("/Lift"u8) >= 0,
        };
        _options = configure is null ? options : configure(options);
        Socket = listen;
        _listener.Bind(new UnixDomainSocketEndPoint(listen));
        _listener.Listen(512);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Socket { get; }

    public ConcurrentQueue<RelayConnection> Connections { get; } = new();

    public ConcurrentQueue<ForwardOutcome> Outcomes { get; } = new();

    public static Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var connection in Connections)
            connection.Abort();
        _channel.Dispose();
    }

    private void Accept()
    {
        try
        {
            while (true)
                Connections.Enqueue(RelayConnection.Start(_listener.Accept(), _options, _handler ?? ForwardAsync));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(LiftedCall call) => Outcomes.Enqueue(await _channel.ForwardAsync(call, call.Message, CancellationToken.None));
}
