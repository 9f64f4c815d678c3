using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>
/// The input is what a runtime sends to CriGuard's own channel while two calls are open, before it goes. Whatever it is, both calls end, and
/// nothing fails inside.
/// </summary>
internal static class ChannelTarget
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly byte[] Message = new byte[100_000];
    private static readonly string Path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"criguard-fuzz-channel-{Environment.ProcessId}.sock");
    private static readonly Socket Listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    static ChannelTarget()
    {
        Listener.Bind(new UnixDomainSocketEndPoint(Path));
        Listener.Listen();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(Path);
    }

    // Each makes two threads.
    public static readonly Target Value = new(
        "channel",
        [
            [.. Settings(), .. Reply(1), .. Reply(3)],
            [.. Settings(), .. Update(0), .. Update(1), .. Frame(FrameType.Ping, FrameFlags.None, 0, "question"u8), .. Reply(3), .. Reply(1)],
            [.. Settings(), .. Headers(1, 0x88), .. GoAway(1), .. Frame(FrameType.Data, FrameFlags.Padded, 1, [1, 0, 0, 0, 0, 1, 9, 0]), .. End(1)],
            [.. Settings(), .. Reset(1, ErrorCode.RefusedStream), .. Reset(3, ErrorCode.NoError), .. Reply(5)],
            [
                .. Frame(FrameType.Settings, FrameFlags.None, 0, [0, 4, 0, 0, 0, 1, 0, 3, 0, 0, 0, 1, 0, 5, 0, 0, 0x40, 0]),
                .. Frame(FrameType.Headers, FrameFlags.None, 1, [0x88]),
                .. Frame(FrameType.Continuation, FrameFlags.EndHeaders, 1, [0x40, 1, (byte)'x', 1, (byte)'y']),
                .. Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, [0x88, 0xbe]),
            ],
        ],
        Run)
    { MostRuns = 3000 };

    private static bool Run(byte[] input)
    {
        using var done = new CancellationTokenSource();
        var accepting = AcceptAsync(input, done.Token);
        using var channel = new RuntimeChannel(Path);
        Task<RuntimeReply>[] calls =
        [
            channel.CallAsync("/a/b", Message, headers: null, CancellationToken.None),
            channel.CallAsync("/a/c", default, headers: null, CancellationToken.None),
        ];
        Promise.Keep(Task.WhenAll(calls).Wait(Patience), "calls end when their runtime goes");
        done.Cancel();
        Promise.Keep(accepting.Wait(Patience), "a connection is not kept for nothing");
        var words = calls.Select(call => call.Result.Status.Message).ToList();
        Promise.Keep(!words.Any(word => word.Contains("internal error", StringComparison.Ordinal)), $"nothing fails inside: {string.Join(", ", words)}");
        return !words.Any(word => word.Contains("not understood", StringComparison.Ordinal));
    }

    // A call that is tried once more finds a runtime that goes at once.
    private static async Task AcceptAsync(byte[] input, CancellationToken done)
    {
        try
        {
            for (var first = true; ; first = false)
            {
                using var runtime = await Listener.AcceptAsync(done);
                if (first)
                    await Task.Run(() => Speak(runtime, input), CancellationToken.None);
            }
        }
        catch (OperationCanceledException)
        {
            // Both calls have ended.
        }
    }

    private static void Speak(Socket runtime, byte[] input)
    {
        // Both calls have come, so that the input meets open streams.
        var frames = new FrameSource(runtime);
        frames.TrySkip(Preface.Bytes.Length);
        for (var headers = 0; headers < 2 && frames.TryReceive(out var header, out _);)
            headers += header.Type is FrameType.Headers ? 1 : 0;
        try
        {
            runtime.Send(input);
            runtime.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // The channel has had enough.
        }

        while (frames.TryReceive(out _, out _))
            continue;
    }

    private static byte[] Settings() => Frame(FrameType.Settings, FrameFlags.None, 0, []);

    private static byte[] Reply(int streamId) =>
        [.. Headers(streamId, 0x88), .. Frame(FrameType.Data, FrameFlags.None, streamId, [0, 0, 0, 0, 1, 9]), .. End(streamId)];

    private static byte[] Headers(int streamId, params byte[] block) => Frame(FrameType.Headers, FrameFlags.EndHeaders, streamId, block);

    private static byte[] End(int streamId) =>
        Frame(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, streamId, [0x40, 11, .. "grpc-status"u8, 1, (byte)'0']);

    private static byte[] Update(int streamId) => Frame(FrameType.WindowUpdate, FrameFlags.None, streamId, [0, 1, 0, 0]);

    private static byte[] Reset(int streamId, ErrorCode code) => Frame(FrameType.RstStream, FrameFlags.None, streamId, [0, 0, 0, (byte)code]);

    private static byte[] GoAway(byte last) => Frame(FrameType.GoAway, FrameFlags.None, 0, [0, 0, 0, last, 0, 0, 0, 0]);

    private static byte[] Frame(FrameType type, FrameFlags flags, int streamId, ReadOnlySpan<byte> payload) =>
        ClientStreams.Frame(type, flags, streamId, payload);
}
