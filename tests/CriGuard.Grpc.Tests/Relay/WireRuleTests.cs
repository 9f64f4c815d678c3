using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>The rules that a trial of the frame relay found, those that two frame-by-frame peers can show.</summary>
public sealed class WireRuleTests
{
    private const int Window = FlowWindow.DefaultSize;

    [Fact]
    public void A_ping_is_passed_on_only_after_the_runtime_has_sent_headers_or_data()
    {
        using var route = FrameRoute.Open();
        route.Client.Ping(1);
        Assert.Equal(FrameFlags.Ack, route.Client.Expect(FrameType.Ping, 0).Flags);

        route.OpenRelayed(1);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Ping(2);
        Assert.Equal(2, route.Runtime.Expect(FrameType.Ping, 0).Payload[0]);

        route.Client.Ping(3);
        var answered = route.Client.Expect(FrameType.Ping, 0);
        Assert.Equal((FrameFlags.Ack, (byte)3), (answered.Flags, answered.Payload[0]));
    }

    [Fact]
    public void Nothing_of_a_lifted_stream_reaches_the_runtime_not_even_after_its_end()
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.WindowUpdate(1, 100);
        route.Client.Reset(1, ErrorCode.Cancel);

        route.OpenRelayed(3);
        route.Client.WindowUpdate(1, 100);
        route.Client.Reset(1, ErrorCode.Cancel);
        route.Client.WindowUpdate(3, 7);
        route.Runtime.Expect(FrameType.WindowUpdate, 3);
    }

    [Fact]
    public async Task Only_data_is_held_while_lifted_replies_have_used_up_the_window_and_goes_before_them_when_it_opens()
    {
        using var route = FrameRoute.Open(async call =>
        {
            await call.StartAsync([]);
            await call.WriteAsync(new byte[2 * Window], CancellationToken.None);
            await call.RefuseAsync(GrpcStatus.Ok);
        }, client: [new Setting(SettingId.InitialWindowSize, int.MaxValue)]);
        route.OpenRelayed(1, endStream: true);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame([1]), endStream: true);
        await Task.Run(() => ReceiveData(route.Client, 3, Window));

        route.Runtime.Data(1, new byte[100]);
        route.Runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        route.Runtime.Settings(new Setting(SettingId.MaxConcurrentStreams, 10));
        route.Runtime.Ping(9);
        route.Runtime.WindowUpdate(0, 5);
        route.Client.Expect(FrameType.Settings, 0);
        route.Client.Expect(FrameType.Ping, 0);
        route.Client.Expect(FrameType.WindowUpdate, 0);

        route.Client.WindowUpdate(0, 150);
        Assert.Equal(100, route.Client.Expect(FrameType.Data, 1).Payload.Length);
        route.Client.Expect(FrameType.Headers, 1);
        Assert.Equal(50, route.Client.Expect(FrameType.Data, 3).Payload.Length);
    }

    [Fact]
    public void Header_blocks_stay_in_order_behind_a_held_one_for_the_table_of_the_client()
    {
        using var route = OpenWithSpentWindow(out _);
        route.OpenRelayed(3, endStream: true);
        route.OpenRelayed(5, endStream: true);
        route.Runtime.Headers(3, endStream: false, (":status", "200"));
        route.Client.Expect(FrameType.Headers, 3);
        route.Runtime.Data(3, new byte[10]);
        route.Runtime.Headers(3, endStream: true, ("grpc-status", "0"));
        route.Runtime.Headers(5, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Runtime.Ping(1);
        route.Client.Expect(FrameType.Ping, 0);

        route.Client.WindowUpdate(0, 10);
        route.Client.Expect(FrameType.Data, 3);
        route.Client.Expect(FrameType.Headers, 3);
        route.Client.Expect(FrameType.Headers, 5);
    }

    [Fact]
    public void Connection_credit_for_lifted_replies_is_kept_from_the_runtime()
    {
        using var route = OpenWithSpentWindow(out _);
        route.Client.WindowUpdate(0, Window - 10);
        route.Client.WindowUpdate(0, 30);
        Assert.Equal(20, FramePayload.ReadWindowIncrement(route.Runtime.Expect(FrameType.WindowUpdate, 0).Payload));
    }

    [Fact]
    public void Nothing_is_sent_to_the_client_before_the_settings_of_the_runtime()
    {
        using var route = new FrameRoute();
        route.Client.SendRaw(Preface.Bytes);
        route.Client.Settings();
        route.Client.Ping(1);
        route.Client.Call(1, "Lift", endStream: true);
        route.OpenRelayedAfterPreface(3);

        route.Runtime.Settings(new Setting(SettingId.MaxConcurrentStreams, 77));
        Assert.Equal(77, route.Client.Expect(FrameType.Settings, 0).Payload[5]);
        route.Client.Expect(FrameType.Ping, 0);
        route.Client.Expect(FrameType.Headers, 1);
    }

    [Fact]
    public void A_padded_data_frame_refunds_its_padding_too()
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Lift");
        route.Client.Data(1, [0, 0, 0, 1, 0]);
        // 255 octets of padding and the one that says so, around one of content.
        var padded = new byte[257];
        padded[0] = 255;
        for (var i = 0; i < 100; i++)
            route.Client.Send(FrameType.Data, FrameFlags.Padded, 1, padded);

        var (stream, connection) = (0, 0);
        while (connection < 3 * 8192)
        {
            var update = route.Client.Receive();
            if (update.Type is not FrameType.WindowUpdate)
                continue;
            var increment = FramePayload.ReadWindowIncrement(update.Payload);
            (stream, connection) = update.StreamId == 0 ? (stream, connection + increment) : (stream + increment, connection);
        }

        // Whole frames behind the five octets of the prefix.
        Assert.Equal((5, 5), (stream % 257, connection % 257));
    }

    [Fact]
    public void After_the_end_of_a_request_only_the_connections_credit_is_returned()
    {
        var release = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            await release.Task;
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.Client.Call(1, "Lift");
        var message = Framing.Frame(new byte[10_000]);
        route.Client.Data(1, message, endStream: true);
        Assert.Equal(message.Length, FramePayload.ReadWindowIncrement(route.Client.Expect(FrameType.WindowUpdate, 0).Payload));
        release.SetResult();
        route.Client.Expect(FrameType.Headers, 1);
    }

    [Fact]
    public void A_change_of_the_initial_window_applies_to_open_lifted_streams()
    {
        using var route = FrameRoute.Open(async call =>
        {
            await call.StartAsync([]);
            await call.WriteAsync(new byte[30], CancellationToken.None);
            await call.RefuseAsync(GrpcStatus.Ok);
        }, client: [new Setting(SettingId.InitialWindowSize, 10)]);
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        route.Client.Expect(FrameType.Headers, 1);
        Assert.Equal(10, route.Client.Expect(FrameType.Data, 1).Payload.Length);

        route.Client.Settings(new Setting(SettingId.InitialWindowSize, 25));
        Assert.Equal(15, route.Client.Expect(FrameType.Data, 1).Payload.Length);
        route.Client.Settings(new Setting(SettingId.InitialWindowSize, 5));
        route.Client.WindowUpdate(1, 22);
        Assert.Equal(2, route.Client.Expect(FrameType.Data, 1).Payload.Length);
    }

    [Fact]
    public void A_header_block_of_the_runtime_is_passed_on_whole()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1, endStream: true);
        route.Runtime.Send(FrameType.Headers, FrameFlags.None, 1, FramePeer.Block((":status", "200")));
        route.Client.Call(3, "Lift", endStream: true);
        route.Client.Expect(FrameType.Headers, 3);
        route.Runtime.Send(FrameType.Continuation, FrameFlags.EndHeaders, 1, FramePeer.Block(("x-more", "1")));
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Expect(FrameType.Continuation, 1);
    }

    private static FrameRoute OpenWithSpentWindow(out TaskCompletionSource release)
    {
        var done = release = new TaskCompletionSource();
        var route = FrameRoute.Open(async call =>
        {
            await call.StartAsync([]);
            await call.WriteAsync(new byte[Window], CancellationToken.None);
            await done.Task;
        });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        ReceiveData(route.Client, 1, Window);
        return route;
    }

    private static void ReceiveData(FramePeer client, int streamId, int octets)
    {
        for (var received = 0; received < octets;)
        {
            var frame = client.Receive();
            if (frame.Type is FrameType.Data && frame.StreamId == streamId)
                received += frame.Payload.Length;
        }
    }
}
