using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class RuntimeGoAwayTests
{
    [Fact]
    public void The_last_stream_is_raised_over_a_lifted_one_that_is_served_and_relayed_ones_below_it_are_refused()
    {
        var release = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            await release.Task;
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.OpenRelayed(1);
        route.OpenRelayed(3);
        route.Client.Call(5, "Lift");
        route.Client.Data(5, Framing.Frame([1]), endStream: true);
        route.OpenRelayed(7);
        route.Runtime.GoAway(1);

        Assert.Equal(5, FramePayload.ReadGoAwayLastStreamId(route.Client.Expect(FrameType.GoAway, 0).Payload));
        Assert.Equal(ErrorCode.RefusedStream, FramePayload.ReadErrorCode(route.Client.Expect(FrameType.RstStream, 3).Payload));
        release.SetResult();
        route.Client.Expect(FrameType.Headers, 5);
        route.Runtime.Headers(1, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Client.Expect(FrameType.Headers, 1);
    }

    [Fact]
    public void A_lifted_stream_above_the_announced_one_is_never_executed()
    {
        var executed = new List<string>();
        using var route = FrameRoute.Open(async call =>
        {
            executed.Add(call.Path);
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.OpenRelayed(1, endStream: true);
        route.Runtime.GoAway(1);
        route.Client.Expect(FrameType.GoAway, 0);
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame([1]), endStream: true);
        route.Client.Ping(1);
        route.Client.Expect(FrameType.Ping, 0);
        route.Runtime.Headers(1, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Client.Expect(FrameType.Headers, 1);
        Assert.Empty(route.Client.ReadToEnd());
        Assert.Empty(executed);
    }

    [Fact]
    public void A_graceful_first_goaway_leaves_all_streams_alone()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        route.Runtime.Send(FrameType.GoAway, FrameFlags.None, 0, [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0, (byte)'x']);
        Assert.Equal([0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0, (byte)'x'], route.Client.Expect(FrameType.GoAway, 0).Payload);
        route.OpenRelayed(3);
    }

    [Fact]
    public void Goaway_of_the_client_reaches_the_runtime()
    {
        using var route = FrameRoute.Open();
        route.Client.GoAway(0);
        route.Runtime.Expect(FrameType.GoAway, 0);
    }
}
