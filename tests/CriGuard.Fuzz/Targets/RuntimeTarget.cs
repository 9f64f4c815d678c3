using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Fuzz.Targets;

/// <summary>
/// The input is what a runtime sends while a client has a relayed and a lifted call open. Whatever it is, the relay must not fail inside, and a
/// runtime that goes leaves the client with an end of both calls.
/// </summary>
internal static class RuntimeTarget
{
    private const int Patience = 10_000;

    private static readonly SocketPairs Sockets = new("runtime");
    private static Exception? s_fault;

    public static readonly Target Value = new(
        "runtime",
        [
            [.. Settings(), .. Headers(FrameFlags.EndHeaders), .. Frame(FrameType.Data, FrameFlags.None, 1, [0, 0, 0, 0, 0]), .. End()],
            [.. Settings(), .. Headers(FrameFlags.None), .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, []), .. End()],
            [.. Settings(), .. GoAway(int.MaxValue), .. Frame(FrameType.Ping, FrameFlags.None, 0, "shutdown"u8), .. GoAway(1), .. End()],
            [
                .. Settings(),
                .. Frame(FrameType.WindowUpdate, FrameFlags.None, 0, [0, 1, 0, 0]),
                .. Frame(FrameType.RstStream, FrameFlags.None, 1, [0, 0, 0, 7]),
            ],
            [.. Settings(), .. Frame(FrameType.Settings, FrameFlags.None, 0, [0, 4, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0]), .. GoAway(0)],
        ],
        Run)
    { MostRuns = 3000 };

    private static bool Run(byte[] input)
    {
        var (toRuntime, runtime) = Sockets.Next();
        var (client, accepted) = Sockets.Next();
        using var closed = client;
        client.ReceiveTimeout = Patience;
        var options = new RelayOptions
        {
            Dial = () => toRuntime,
            RuntimeName = "unix:///fuzz",
            Lifts = RuntimePeer.IsLifted,
            FarewellTimeout = TimeSpan.Zero,
            ConnectionFailed = fault => s_fault = fault,
            HandlerFailed = (_, fault) => s_fault = fault,
        };
        var relay = RelayConnection.Start(accepted, options, async call => await call.RefuseAsync(GrpcStatus.Ok));
        client.Send([.. Preface.Bytes, .. ClientStreams.All[0]]);
        Send(runtime, input);

        var understood = ReadsToEnd(client);
        client.Dispose();
        Promise.Keep(relay.Completion.Wait(Patience), "a connection ends with its client");
        Promise.Keep(s_fault is null, $"nothing fails inside: {s_fault}");
        return understood;
    }

    // All that the client asked for has come to it first, so that the input meets open calls.
    private static void Send(Socket runtime, byte[] input)
    {
        using var owned = runtime;
        var frames = new FrameSource(runtime);
        frames.TrySkip(Preface.Bytes.Length);
        for (var ends = 0; ends < 2 && frames.TryReceive(out var header, out _);)
            ends += header.Type is FrameType.Data && header.Has(FrameFlags.EndStream) ? 1 : 0;
        runtime.Send(input);
    }

    // True unless the relay says that it did not understand the runtime.
    private static bool ReadsToEnd(Socket client)
    {
        var frames = new FrameSource(client);
        var (goAway, understood) = (false, true);
        while (frames.TryReceive(out var header, out var payload))
        {
            goAway |= header.Type is FrameType.GoAway;
            understood &= payload.IndexOf("not understood"u8) < 0;
        }

        Promise.Keep(goAway, "a client is sent elsewhere when the runtime goes");
        return understood;
    }

    private static byte[] Settings() => Frame(FrameType.Settings, FrameFlags.None, 0, []);

    private static byte[] Headers(FrameFlags flags) => Frame(FrameType.Headers, flags, 1, [0x88]);

    private static byte[] End() =>
        Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [0x00, 0x01, (byte)'x', 0x01, (byte)'y']);

    private static byte[] GoAway(int last) =>
        Frame(FrameType.GoAway, FrameFlags.None, 0, [(byte)(last >> 24), (byte)(last >> 16), (byte)(last >> 8), (byte)last, 0, 0, 0, 0]);

    private static byte[] Frame(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload) =>
        ClientStreams.Frame(type, flags, streamId, payload);
}
