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
    private readonly List<RelayConnection> _connections = [];

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

    /// <summary>The connections so far, in the order they were accepted; one whose effect was seen is among them.</summary>
    public IReadOnlyList<RelayConnection> Connections
    {
        get
        {
            lock (_connections)
                return [.. _connections];
        }
    }

    /// <summary>How lifted calls ended; written after the client has its reply, so wait for it.</summary>
    public BlockingCollection<ForwardOutcome> Outcomes { get; } = [];

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
            {
                var client = _listener.Accept();
                // Its threads run before it is in the list: who has heard of them waits here.
                lock (_connections)
                    _connections.Add(RelayConnection.Start(client, _options, _handler ?? ForwardAsync));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(LiftedCall call) => Outcomes.Add(await _channel.ForwardAsync(call, call.Message));
}
