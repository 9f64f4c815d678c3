using System.Net.WebSockets;
using System.Text;

namespace CriGuard.TestBed.Calls;

/// <summary>
/// A session with the runtime's own streaming server: what `kubectl exec`, `attach` and `port-forward` come down to. Each message is one byte that names
/// its channel and then data (kubernetes, `v4.channel.k8s.io`).
/// </summary>
public sealed class StreamSession : IAsyncDisposable
{
    private readonly ClientWebSocket socket;
    private readonly HttpMessageInvoker invoker;
    private readonly Dictionary<byte, StringBuilder> received = [];

    private StreamSession(ClientWebSocket socket, HttpMessageInvoker invoker) => (this.socket, this.invoker) = (socket, invoker);

    /// <summary>Opens the session that an Exec, Attach or PortForward call gave the address of.</summary>
    public static async Task<StreamSession> OpenAsync(Node node, Uri address, CancellationToken cancellation)
    {
        var inside = new SocketsHttpHandler { ConnectCallback = async (_, _) => await node.ConnectAsync(address.Port) };
        var session = new StreamSession(new ClientWebSocket(), new HttpMessageInvoker(inside));
        try
        {
            session.socket.Options.AddSubProtocol("v4.channel.k8s.io");
            await session.socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws" }.Uri, session.invoker, cancellation);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public Task SendAsync(byte channel, string text, CancellationToken cancellation) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(text)], WebSocketMessageType.Binary, endOfMessage: true, cancellation);

    /// <summary>Reads until a channel has a text, or the other side ends the session.</summary>
    /// <returns>All that came on that channel so far, a byte a character.</returns>
    public async Task<string> ReadAsync(byte channel, string until, CancellationToken cancellation)
    {
        var buffer = new byte[64 << 10];
        while (!Received(channel).Contains(until, StringComparison.Ordinal))
        {
            var length = 0;
            ValueWebSocketReceiveResult part;
            do
            {
                part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
                length += part.Count;
            }
            while (!part.EndOfMessage);
            if (part.MessageType == WebSocketMessageType.Close)
                break;
            if (length > 0)
                Of(buffer[0]).Append(Encoding.Latin1.GetString(buffer, 1, length - 1));
        }

        return Received(channel);
    }

    public ValueTask DisposeAsync()
    {
        socket.Dispose();
        invoker.Dispose();
        return ValueTask.CompletedTask;
    }

    private string Received(byte channel) => Of(channel).ToString();

    private StringBuilder Of(byte channel) => received.TryGetValue(channel, out var text) ? text : received[channel] = new StringBuilder();
}
