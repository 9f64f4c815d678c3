using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Relay;

/// <summary>Reaches for the runtime, once for the connection, and again and again while it is away. Used without the lock.</summary>
internal sealed class RuntimeDial(Link link)
{
    /// <summary>Null when it cannot be reached: then the client is told so call by call.</summary>
    public Socket? TryConnect()
    {
        if (Reach() is { } socket)
            return socket;
        lock (link.Gate)
            link.GreetAnyway();
        return null;
    }

    /// <summary>
    /// A runtime that is away is tried for again at each sign of the client, without telling it: clients take a new connection that opens for a
    /// sign that it is back and dial without pause. Once it is, GOAWAY sends them to a connection that leads there, and this one's next calls with
    /// them.
    /// </summary>
    public void Probe()
    {
        if (link.Unreachable is null || Reach() is not { } socket)
            return;
        socket.Dispose();
        lock (link.Gate)
        {
            link.GoAway(link.Streams.Highest, ErrorCode.NoError, "the runtime is back"u8);
            link.CloseIfDone();
        }
    }

    private Socket? Reach()
    {
        try
        {
            return link.Options.Dial();
        }
        catch (SocketException e)
        {
            lock (link.Gate)
                link.Unreachable = RuntimeFailure.Cause(e);
            return null;
        }
    }
}
