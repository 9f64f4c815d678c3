using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>A relay between a client and a runtime that a test plays frame by frame.</summary>
public sealed class FrameRoute : IDisposable
{
    private readonly SocketDirectory _sockets = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Lifted calls are refused with NOT_FOUND unless there is a handler, or they are to be forwarded.</summary>
    public FrameRoute(LiftedCallHandler? handler = null, Func<RelayOptions, RelayOptions>? configure = null, bool forward = false)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_sockets.Path("runtime.sock")));
        _listener.Listen();
        Relay = new RelayHost(_sockets.Path("relay.sock"), _sockets.Path("runtime.sock"), forward ? null : handler ?? RefuseAsync, configure);
        Client = new FramePeer(RelayHost.Connect(Relay.Socket));
        Runtime = new FramePeer(_listener.Accept());
    }

    public RelayHost Relay { get; }

    public FramePeer Client { get; }

    public FramePeer Runtime { get; }

    /// <summary>A route on which both sides have sent and acknowledged their SETTINGS.</summary>
    public static FrameRoute Open(
        LiftedCallHandler? handler = null,
        Func<RelayOptions, RelayOptions>? configure = null,
        Setting[]? client = null,
        Setting[]? runtime = null,
        bool forward = false)
    {
        var route = new FrameRoute(handler, configure, forward);
        route.Client.SendRaw(Preface.Bytes);
        route.Client.Settings(client ?? []);
        Assert.Equal(Preface.Bytes.ToArray(), route.Runtime.ReadExactly(Preface.Bytes.Length));
        route.Runtime.Expect(FrameType.Settings, 0);
        route.Runtime.Settings(runtime ?? []);
        route.Runtime.SettingsAck();
        route.Client.Expect(FrameType.Settings, 0);
        route.Client.Expect(FrameType.Settings, 0);
        route.Client.SettingsAck();
        route.Runtime.Expect(FrameType.Settings, 0);
        return route;
    }

    /// <summary>The runtime's side of the next connection to it.</summary>
    public async Task<FramePeer> AcceptAsync() => new(await _listener.AcceptAsync());

    /// <summary>Opens a relayed stream and takes its headers at the runtime.</summary>
    public void OpenRelayed(int streamId, bool endStream = false)
    {
        Client.Call(streamId, "Unary", endStream);
        Runtime.Decode(Runtime.Expect(FrameType.Headers, streamId));
    }

    /// <summary>As <see cref="OpenRelayed"/>, when the runtime has not read anything yet.</summary>
    public void OpenRelayedAfterPreface(int streamId)
    {
        Client.Call(streamId, "Unary");
        Runtime.ReadExactly(Preface.Bytes.Length);
        Runtime.Expect(FrameType.Settings, 0);
        Runtime.Expect(FrameType.Headers, streamId);
    }

    public void Dispose()
    {
        Client.Dispose();
        Runtime.Dispose();
        Relay.Dispose();
        _listener.Dispose();
        _sockets.Dispose();
    }

    private static async Task RefuseAsync(LiftedCall call) => await call.RefuseAsync(new GrpcStatus(StatusCode.NotFound, "refused by the test"));
}
