using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Channel;

/// <summary>Flow control of the channel, both ways (RFC 9113 section 6.9).</summary>
public sealed class ChannelWindowTests
{
    private const int ReplyWindow = 128 * 1024;

    [Fact]
    public async Task A_request_passes_octet_by_octet_where_the_runtime_gives_no_more()
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var runtime = route.Accept(new Setting(SettingId.InitialWindowSize, 0));
        runtime.TakeCall();
        runtime.Settle();
        var second = route.Call([5, 6]);
        Assert.Equal(FrameType.Headers, Assert.Single(runtime.Settle()).Type);
        var body = new List<byte>();
        for (var i = 0; i < 7; i++)
        {
            runtime.WindowUpdate(3, 1);
            var data = runtime.Expect(FrameType.Data, 3);
            Assert.Equal(i == 6, data.Flags.HasFlag(FrameFlags.EndStream));
            body.Add(Assert.Single(data.Payload));
        }

        Assert.Equal(Framing.Frame([5, 6]), body);
        runtime.Reply(3, mark: 3);
        runtime.Reply(1, mark: 1);
        Assert.Equal([3], (await second).Message.ToArray());
        Assert.Equal([1], (await first).Message.ToArray());
    }

    [Fact]
    public void Requests_share_the_window_of_the_connection_in_turn_and_in_frames_that_any_runtime_takes()
    {
        using var route = new ChannelRoute();
        _ = route.Call(1);
        var runtime = route.Accept(new Setting(SettingId.InitialWindowSize, 1 << 20), new Setting(SettingId.MaxFrameSize, 1 << 20));
        runtime.TakeCall();
        runtime.Settle();
        var left = FlowWindow.DefaultSize - 6;
        _ = route.Call(new byte[200_000]);
        var frames = runtime.Settle();
        Assert.Equal(left, frames.Where(frame => frame.Type is FrameType.Data).Sum(frame => frame.Payload.Length));
        Assert.All(frames, frame => Assert.InRange(frame.Payload.Length, 0, FrameRules.DefaultMaxFrameSize));
        _ = route.Call(new byte[200_000]);
        Assert.Equal(FrameType.Headers, Assert.Single(runtime.Settle()).Type);
        runtime.WindowUpdate(0, 4 * FrameRules.DefaultMaxFrameSize);
        Assert.Equal([3, 5, 3, 5], runtime.Settle().Select(frame => frame.StreamId));
    }

    [Fact]
    public void A_change_of_the_initial_window_moves_those_of_open_requests_also_below_nothing()
    {
        using var route = new ChannelRoute();
        _ = route.Call(1);
        var runtime = route.Accept(new Setting(SettingId.InitialWindowSize, 100));
        runtime.TakeCall();
        runtime.Settle();
        _ = route.Call(new byte[1000]);
        Assert.Equal(100, runtime.Settle()[^1].Payload.Length);
        runtime.Settings(new Setting(SettingId.InitialWindowSize, 150));
        Assert.Equal(50, Assert.Single(runtime.Settle()).Payload.Length);
        runtime.Settings(new Setting(SettingId.InitialWindowSize, 0));
        runtime.WindowUpdate(3, 149);
        Assert.Empty(runtime.Settle());
        runtime.WindowUpdate(3, 10);
        Assert.Equal(9, Assert.Single(runtime.Settle()).Payload.Length);
    }

    [Fact]
    public void A_window_that_a_setting_takes_away_stops_what_waited_for_the_connections()
    {
        using var route = new ChannelRoute();
        _ = route.Call(new byte[FlowWindow.DefaultSize - 5]);
        var runtime = route.Accept();
        runtime.Await(FrameType.Headers);
        runtime.Settle();
        _ = route.Call(new byte[100]);
        Assert.Equal(FrameType.Headers, Assert.Single(runtime.Settle()).Type);
        runtime.Settings(new Setting(SettingId.InitialWindowSize, 0));
        runtime.WindowUpdate(0, 1000);
        Assert.Empty(runtime.Settle());
        runtime.WindowUpdate(3, 1000);
        Assert.Equal(105, Assert.Single(runtime.Settle()).Payload.Length);
    }

    [Fact]
    public async Task A_reply_that_is_taken_at_once_has_its_credit_given_back()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, (":status", "200"));
        var message = new byte[4 * ReplyWindow];
        var frame = Framing.Frame(message);
        var (stream, connection) = (0, 0);
        for (var at = 0; at < frame.Length; at += 16_000)
        {
            runtime.Data(1, frame.AsSpan(at, Math.Min(16_000, frame.Length - at)));
            foreach (var update in runtime.Settle())
            {
                var increment = FramePayload.ReadWindowIncrement(update.Payload);
                stream += update.StreamId == 1 ? increment : 0;
                connection += update.StreamId == 0 ? increment : 0;
            }
        }

        Assert.InRange(stream, frame.Length - (ReplyWindow / 2), frame.Length);
        Assert.InRange(connection, frame.Length - (512 * 1024), frame.Length);
        runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        Assert.Equal(message.Length, (await call).Message.Length);
    }

    [Fact]
    public async Task Padding_counts_against_the_windows_and_is_given_back()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, (":status", "200"));
        var increments = 0;
        for (var i = 0; i < 2 * ReplyWindow / 256; i++)
        {
            runtime.Send(FrameType.Data, FrameFlags.Padded, 1, [255, .. new byte[255]]);
            increments += runtime.Settle().Where(frame => frame.StreamId == 1).Sum(frame => FramePayload.ReadWindowIncrement(frame.Payload));
        }

        Assert.InRange(increments, ReplyWindow, 2 * ReplyWindow);
        runtime.Data(1, Framing.Frame([3]));
        runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        Assert.Equal([3], (await call).Message.ToArray());
    }

    [Fact]
    public async Task Late_octets_of_a_cancelled_call_give_the_connections_credit_back()
    {
        using var route = new ChannelRoute();
        using var cancelled = new CancellationTokenSource();
        var call = route.Call(1, cancelled.Token);
        var runtime = route.Accept();
        runtime.TakeCall();
        await cancelled.CancelAsync();
        runtime.Await(FrameType.RstStream);
        runtime.Headers(1, endStream: false, (":status", "200"));
        var increments = 0;
        for (var i = 0; i < 64; i++)
        {
            runtime.Data(1, new byte[16_384]);
            increments += runtime.Settle().Sum(frame => frame.StreamId == 0 ? FramePayload.ReadWindowIncrement(frame.Payload) : int.MinValue);
        }

        Assert.Equal(1024 * 1024, increments);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public void A_client_that_takes_nothing_stalls_its_own_stream_and_no_other()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, 1000)], forward: true);
        var runtime = BeginTwo(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        for (var left = ReplyWindow; left > 0; left -= 16_384)
            runtime.Data(1, new byte[16_384]);
        // All that the stream's window lets it send is here, and none of it is given back.
        Assert.Empty(runtime.Settle());
        runtime.Reply(3, mark: 3);
        Assert.Equal(1, route.Client.Expect(FrameType.Headers, 1).StreamId);
        Assert.Equal(1000, route.Client.Expect(FrameType.Data, 1).Payload.Length);
        Assert.Equal(3, route.Client.Await(FrameType.Headers).StreamId);
        Assert.Equal(Framing.Frame([3]), route.Client.Expect(FrameType.Data, 3).Payload);
        route.Client.Expect(FrameType.Headers, 3);

        // What the client takes is given back, and its end comes behind all of it.
        runtime.Headers(1, endStream: true, ("grpc-status", "5"), ("x-a", "b"));
        route.Client.WindowUpdate(0, 1 << 20);
        route.Client.WindowUpdate(1, 1 << 20);
        for (var taken = 1000; taken < ReplyWindow;)
            taken += route.Client.Expect(FrameType.Data, 1).Payload.Length;
        var end = route.Client.Decode(route.Client.Expect(FrameType.Headers, 1));
        Assert.Equal(("5", "b"), (end["grpc-status"], end["x-a"]));
    }

    [Fact]
    public void Credit_of_a_slow_client_goes_back_to_the_runtime_as_it_takes_the_reply()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, 1000)], forward: true);
        var runtime = BeginTwo(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        for (var left = ReplyWindow; left > 0; left -= 16_384)
            runtime.Data(1, new byte[16_384]);
        Assert.Empty(runtime.Settle());
        route.Client.WindowUpdate(0, 1 << 20);
        route.Client.WindowUpdate(1, (ReplyWindow / 2) - 1000);
        Assert.Equal(ReplyWindow / 2, FramePayload.ReadWindowIncrement(runtime.Expect(FrameType.WindowUpdate, 1).Payload));
    }

    [Fact]
    public void A_held_reply_ends_with_the_status_of_a_runtime_that_goes_behind_all_that_came()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, 1000)], forward: true);
        var runtime = BeginTwo(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        runtime.Data(1, new byte[3000]);
        runtime.Settle();
        runtime.Dispose();
        Assert.Equal("14", route.Client.Decode(Await(route.Client, FrameType.Headers, 3))["grpc-status"]);
        route.Client.WindowUpdate(1, 2000);
        Assert.Equal(2000, route.Client.Expect(FrameType.Data, 1).Payload.Length);
        Assert.Equal("14", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
        Assert.Equal(StatusCode.Unavailable, route.Relay.Outcomes.Take().Status.Code);
        Assert.Equal(StatusCode.Unavailable, route.Relay.Outcomes.Take().Status.Code);
    }

    [Fact]
    public void A_runtime_that_sends_past_the_window_of_a_held_reply_is_not_understood()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, 0)], forward: true);
        var runtime = BeginTwo(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        for (var left = ReplyWindow; left > 0; left -= 16_384)
            runtime.Data(1, new byte[16_384]);
        Assert.Empty(runtime.Settle());
        runtime.Data(1, [1]);
        var status = route.Client.Decode(Await(route.Client, FrameType.Headers, 3));
        Assert.EndsWith("not understood: DATA on stream 1: past its window", status["grpc-message"], StringComparison.Ordinal);
    }

    private static Frame Await(FramePeer client, FrameType type, int streamId)
    {
        while (true)
        {
            var frame = client.Receive();
            if (frame.Type == type && frame.StreamId == streamId)
                return frame;
            if (frame.Type is FrameType.Headers)
                client.Decode(frame);
        }
    }

    // The channel's connection, with two lifted calls on it.
    private static FramePeer BeginTwo(FrameRoute route)
    {
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        var runtime = route.AcceptAsync().GetAwaiter().GetResult();
        runtime.ReadExactly(Preface.Bytes.Length);
        runtime.Settings();
        runtime.TakeCall();
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame([3]), endStream: true);
        runtime.TakeCall();
        return runtime;
    }
}
