using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Channel;

/// <summary>A channel to a runtime that a test plays frame by frame.</summary>
public sealed class ChannelRoute : IDisposable
{
    private const int Patience = 15_000_000;

    private readonly SocketDirectory _sockets = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<FramePeer> _runtimes = [];

    public ChannelRoute(int firstStream = 1)
    {
        var path = _sockets.Path("runtime.sock");
        _listener.Bind(new UnixDomainSocketEndPoint(path));
        _listener.Listen();
        Name = $"unix://{path}";
        Channel = new RuntimeChannel(path) { FirstStream = firstStream };
    }

    public RuntimeChannel Channel { get; }

    /// <summary>The runtime as messages name it.</summary>
    public string Name { get; }

    /// <summary>Makes a call whose message is one octet.</summary>
    public Task<RuntimeReply> Call(byte mark = 7, CancellationToken cancelled = default) => Call([mark], cancelled);

    public Task<RuntimeReply> Call(byte[] message, CancellationToken cancelled = default) =>
        Channel.CallAsync("/a/b", message, headers: null, cancelled).WaitAsync(TimeSpan.FromMicroseconds(Patience), CancellationToken.None);

    /// <summary>The runtime's side of the next connection, with what it is greeted with; says nothing yet.</summary>
    public FramePeer AcceptSilent()
    {
        Assert.True(_listener.Poll(Patience, SelectMode.SelectRead), "nobody connects");
        var runtime = new FramePeer(_listener.Accept());
        _runtimes.Add(runtime);
        Assert.Equal(Preface.Bytes.ToArray(), runtime.ReadExactly(Preface.Bytes.Length));
        runtime.Expect(FrameType.Settings, 0);
        runtime.Expect(FrameType.WindowUpdate, 0);
        return runtime;
    }

    /// <summary>The runtime's side of the next connection, which has sent its settings.</summary>
    public FramePeer Accept(params Setting[] settings)
    {
        var runtime = AcceptSilent();
        runtime.Settings(settings);
        return runtime;
    }

    /// <summary>Whether another connection waits to be accepted.</summary>
    public bool IsDialled => _listener.Poll(0, SelectMode.SelectRead);

    public void Dispose()
    {
        Channel.Dispose();
        _runtimes.ForEach(runtime => runtime.Dispose());
        _listener.Dispose();
        _sockets.Dispose();
    }
}
