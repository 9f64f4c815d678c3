using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Fuzz.Targets;

/// <summary>
/// The input is what a client sends after its preface, over a whole relay to a runtime in this process. Whatever it is, the relay must answer the
/// ping behind it or end the connection, let go of both sockets, and keep lifted calls from the runtime.
/// </summary>
internal static class RelayTarget
{
    private const int Patience = 10_000;

    // Past a client's first window, so that replies wait.
    private static readonly byte[] Reply = new byte[100_000];
    private static readonly byte[] LastWord = "the end!"u8.ToArray();
    private static readonly SocketPairs Sockets = new("relay");
    private static Exception? s_fault;

    static RelayTarget() => TaskScheduler.UnobservedTaskException += (_, e) => s_fault = e.Exception;

    // Each makes five threads.
    public static readonly Target Value = new("relay", ClientStreams.All, Run) { MostRuns = 3000 };

    private static bool Run(byte[] input)
    {
        var (toRuntime, atRuntime) = Sockets.Next();
        var (client, accepted) = Sockets.Next();
        using var closed = client;
        client.ReceiveTimeout = Patience;
        client.SendTimeout = Patience;
        var runtime = Task.Factory.StartNew(
            new RuntimePeer(atRuntime).Serve, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        var options = new RelayOptions
        {
            Dial = () => toRuntime,
            RuntimeName = "unix:///fuzz",
            Lifts = RuntimePeer.IsLifted,
            MaxHeaderList = 4096,
            ConnectionFailed = fault => s_fault = fault,
            HandlerFailed = (_, fault) => s_fault = fault,
        };
        var relay = RelayConnection.Start(accepted, options, AnswerAsync);

        Send(client, [.. Preface.Bytes, .. WholeFrames(input), .. ClientStreams.Frame(FrameType.Ping, FrameFlags.None, 0, LastWord)]);
        var answered = ReadsToLastWord(client);
        client.Dispose();
        Promise.Keep(relay.Completion.Wait(Patience), "a connection ends with its client");
        Promise.Keep(runtime.Wait(Patience), "the runtime's connection ends with its client's");
        Promise.Keep(runtime.Result is null, runtime.Result ?? "");
        Promise.Keep(s_fault is null, $"nothing fails inside: {s_fault}");
        return answered;
    }

    private static async Task AnswerAsync(LiftedCall call)
    {
        if (call.Message.IsEmpty)
        {
            await call.RefuseAsync(new GrpcStatus(StatusCode.PermissionDenied, "empty"));
            return;
        }

        await call.StartAsync([]);
        await call.WriteAsync(Reply, call.Cancelled);
        await call.RefuseAsync(GrpcStatus.Ok);
    }

    private static void Send(Socket client, byte[] octets)
    {
        try
        {
            client.Send(octets);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.Shutdown or SocketError.ConnectionReset)
        {
            // Refused before it was all said.
        }
    }

    // False when the connection ends before.
    private static bool ReadsToLastWord(Socket client)
    {
        var frames = new FrameSource(client);
        while (frames.TryReceive(out var header, out var payload))
        {
            if (header.Type is FrameType.Ping && header.Has(FrameFlags.Ack) && payload.SequenceEqual(LastWord))
                return true;
        }

        return false;
    }

    // The last frame filled up with noughts, for otherwise it would swallow the ping; one that is too large ends the connection.
    private static byte[] WholeFrames(byte[] input)
    {
        var at = 0;
        while (FrameHeader.TryParse(input.AsSpan(Math.Min(at, input.Length)), out var header))
            at += FrameHeader.Size + Math.Min(header.Length, FrameRules.DefaultMaxFrameSize);
        Array.Resize(ref input, at);
        return input;
    }
}
