using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>A client that asks for much and takes little: what it can make the relay keep.</summary>
[Collection(Alone.Name)]
public sealed class MemoryBoundTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    [Fact]
    public void A_request_whose_reply_found_no_window_is_forgotten_once_it_is_reset()
    {
        var requests = new List<WeakReference>();
        using var route = FrameRoute.Open(call => HoldAsync(call, requests));
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame(new byte[1000]), endStream: true);
        for (var left = FlowWindow.DefaultSize; left > 0; left -= route.Client.Await(FrameType.Data).Payload.Length)
            continue;
        route.Client.Reset(1, ErrorCode.Cancel);
        Assert.True(SpinWait.SpinUntil(() => Collected(requests[0]), s_patience));
    }

    [Fact]
    public void Headers_of_lifted_calls_count_against_the_bound_of_collected_requests()
    {
        var collected = new CollectedOctets(long.MaxValue);
        using var route = FrameRoute.Open(
            configure: options => options with { MaxCollectedPerConnection = 10_000, Collected = collected });
        route.Client.Call(1, "Lift", more: ("x", new string('x', 6000)));
        route.Client.Call(3, "Lift", more: ("x", new string('x', 6000)));
        Assert.Equal("8", route.Client.Decode(route.Client.Expect(FrameType.Headers, 3))["grpc-status"]);
        route.Client.Reset(1, ErrorCode.Cancel);
        Assert.True(SpinWait.SpinUntil(() => collected.Held == 0, s_patience));
    }

    [Fact]
    public void Header_blocks_that_unpack_a_thousandfold_wait_for_a_runtime_that_reads()
    {
        using var route = FrameRoute.Open();
        // One entry of 4000 octets into the table, then 15 references to it in every call.
        var request = FramePeer.Block((":method", "POST"), (":scheme", "http"), (":path", "/a/b"));
        byte[] entry = [0x40, 1, (byte)'x', 0x7f, 0xa1, 0x1e, .. Enumerable.Repeat((byte)'a', 4000)];
        route.Client.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, [.. request, .. entry]);
        route.Runtime.Expect(FrameType.Headers, 1);
        byte[] block = [.. request, .. Enumerable.Repeat((byte)(0x80 | 62), 15)];
        var calls = new byte[1000 * (FrameHeader.Size + block.Length)];
        for (var i = 0; i < 1000; i++)
        {
            var call = calls.AsSpan(i * (FrameHeader.Size + block.Length));
            new FrameHeader(block.Length, FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3 + (2 * i)).Write(call);
            block.CopyTo(call[FrameHeader.Size..]);
        }

        var before = GC.GetTotalAllocatedBytes(precise: true);
        route.Client.SendRaw(calls);
        var frames = new byte[FrameHeader.Size + FrameRules.DefaultMaxFrameSize];
        for (var last = 0; last < 2001; last = route.Runtime.SkipFrame(frames).StreamId)
            continue;
        // All 60 MB at once would lie in an array that has grown by doubling to 128.
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 100 * 1024 * 1024);
    }

    [Fact]
    public async Task A_client_that_has_lifted_calls_refused_and_never_reads_is_cut_off()
    {
        var refusal = new GrpcStatus(StatusCode.PermissionDenied, new string('x', 10_000));
        using var answered = new SemaphoreSlim(0);
        using var route = FrameRoute.Open(async call =>
        {
            await call.RefuseAsync(refusal);
            answered.Release();
        });
        var connection = Assert.Single(route.Relay.Connections);
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            for (var stream = 1; stream < 10_000; stream += 2)
            {
                route.Client.Call(stream, "Lift");
                route.Client.Data(stream, Framing.Frame([]), endStream: true);
                await Task.WhenAny(answered.WaitAsync(), connection.Completion).WaitAsync(s_patience);
            }
        });
    }

    private static async Task HoldAsync(LiftedCall call, List<WeakReference> requests)
    {
        Note(call, requests);
        await call.StartAsync([]);
        await call.WriteAsync(new byte[FlowWindow.DefaultSize + 1], call.Cancelled);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Note(LiftedCall call, List<WeakReference> requests)
    {
        MemoryMarshal.TryGetArray(call.Message, out var array);
        requests.Add(new WeakReference(array.Array));
    }

    private static bool Collected(WeakReference request)
    {
        GC.Collect();
        return !request.IsAlive;
    }
}
