using System.Buffers.Binary;
using System.Collections.Concurrent;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class ConnectionLifeTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("Hold")]
    [InlineData("LiftHold")]
    public async Task A_stream_delivers_its_first_message_while_it_is_open_and_a_cancel_reaches_the_runtime(string method)
    {
        await using var route = await Route.StartAsync();
        using var cancel = new CancellationTokenSource();
        var response = await route.Through.SendAsync(method, [1], cancel.Token);
        await using (var body = await response.Content.ReadAsStreamAsync(CancellationToken.None))
            Assert.Equal([1, 2, 3], await Framing.ReadAsync(body));
        response.Dispose();
        await route.Server.Held.Cancelled.Task.WaitAsync(s_patience);
    }

    [Fact]
    public void A_request_of_many_messages_passes_while_the_reply_already_comes()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        route.Client.Data(1, Framing.Frame([1]));
        route.Runtime.Expect(FrameType.Data, 1);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        route.Runtime.Data(1, Framing.Frame([2]));
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Expect(FrameType.Data, 1);
        route.Client.Data(1, Framing.Frame([3]), endStream: true);
        Assert.Equal(FrameFlags.EndStream, route.Runtime.Expect(FrameType.Data, 1).Flags);
        route.Runtime.Data(1, Framing.Frame([4]));
        route.Runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        route.Client.Expect(FrameType.Data, 1);
        route.Client.Expect(FrameType.Headers, 1);
    }

    [Fact]
    public void A_reply_that_ends_before_its_request_leaves_the_request_open()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        route.Runtime.Headers(1, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Data(1, [1]);
        route.Client.Data(1, [], endStream: true);
        route.Runtime.Expect(FrameType.Data, 1);
        Assert.Equal(FrameFlags.EndStream, route.Runtime.Expect(FrameType.Data, 1).Flags);
    }

    [Fact]
    public async Task A_client_that_goes_while_the_runtime_does_not_read_is_let_go_and_its_lifted_calls_with_it()
    {
        var cancelled = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            await using var told = call.Cancelled.Register(() => cancelled.TrySetResult());
            await cancelled.Task;
        });
        route.OpenRelayed(1);
        route.Runtime.WindowUpdate(0, 1 << 20);
        route.Client.Expect(FrameType.WindowUpdate, 0);
        // More than a socket holds.
        for (var i = 0; i < 20; i++)
            route.Client.Data(1, new byte[16_384]);
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame([]), endStream: true);
        route.Client.Dispose();
        await cancelled.Task.WaitAsync(s_patience);
        var connection = Assert.Single(route.Relay.Connections);
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public void Draining_before_the_runtime_has_said_anything_begins_with_settings()
    {
        using var route = new FrameRoute();
        route.Client.SendRaw(Preface.Bytes);
        route.Client.Settings();
        route.Runtime.ReadExactly(Preface.Bytes.Length);
        var connection = Assert.Single(route.Relay.Connections);
        connection.Drain();
        route.Client.Expect(FrameType.Settings, 0);
        route.Client.Expect(FrameType.GoAway, 0);
    }

    [Fact]
    public async Task Draining_lets_open_streams_finish_and_takes_no_new_ones()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1, endStream: true);
        var connection = Assert.Single(route.Relay.Connections);
        connection.Drain();
        Assert.Equal(1, FramePayload.ReadGoAwayLastStreamId(route.Client.Expect(FrameType.GoAway, 0).Payload));
        route.Client.Call(3, "Unary", endStream: true);
        route.Runtime.Headers(1, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Client.Expect(FrameType.Headers, 1);
        Assert.Empty(route.Client.ReadToEnd());
        Assert.Empty(route.Runtime.ReadToEnd());
        route.Client.Dispose();
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Draining_ends_a_stream_that_never_ends_and_waits_for_the_others()
    {
        using var route = FrameRoute.Open(configure: static options => options with { NeverEnds = static path => path.EndsWith("/Events"u8) });
        route.Client.Call(1, "Events", endStream: true);
        route.Runtime.Decode(route.Runtime.Expect(FrameType.Headers, 1));
        route.OpenRelayed(3, endStream: true);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Expect(FrameType.Headers, 1);
        var connection = Assert.Single(route.Relay.Connections);
        connection.Drain();
        Assert.Equal(3, FramePayload.ReadGoAwayLastStreamId(route.Client.Expect(FrameType.GoAway, 0).Payload));
        Assert.Equal("14", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
        Assert.Equal((uint)ErrorCode.Cancel, BinaryPrimitives.ReadUInt32BigEndian(route.Runtime.Expect(FrameType.RstStream, 1).Payload));
        // What the runtime had sent before it heard of that.
        route.Runtime.Data(1, Framing.Frame([1]));
        route.Runtime.Headers(3, endStream: true, (":status", "200"), ("grpc-status", "0"));
        route.Client.Expect(FrameType.Headers, 3);
        Assert.Empty(route.Client.ReadToEnd());
        route.Client.Dispose();
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public async Task A_connection_with_nothing_open_is_the_clients_to_close()
    {
        using var route = FrameRoute.Open(configure: options => options with { FarewellTimeout = Timeout.InfiniteTimeSpan });
        var connection = Assert.Single(route.Relay.Connections);
        connection.Drain();
        route.Client.Expect(FrameType.GoAway, 0);
        Assert.Empty(route.Runtime.ReadToEnd());
        Assert.True(route.Client.IsSilent);
        route.Client.Dispose();
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Draining_waits_for_lifted_calls()
    {
        var release = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            begun.SetResult();
            await release.Task;
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        await begun.Task.WaitAsync(s_patience);
        var connection = Assert.Single(route.Relay.Connections);
        connection.Drain();
        route.Client.Expect(FrameType.GoAway, 0);
        release.SetResult();
        route.Client.Expect(FrameType.Headers, 1);
        route.Client.Dispose();
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public void A_fault_of_the_relay_itself_ends_its_connection_only_and_is_told()
    {
        var told = new ConcurrentQueue<Exception>();
        using var route = FrameRoute.Open(configure: options => options with
        {
            Lifts = path => path.IndexOf("/Odd"u8) < 0 ? false : throw new InvalidOperationException(),
            ConnectionFailed = told.Enqueue,
        });
        route.Client.Call(1, "Odd");
        Assert.Equal(ErrorCode.InternalError, FramePayload.ReadGoAwayErrorCode(route.Client.ReadToEnd()[^1].Payload));
        Assert.IsType<InvalidOperationException>(Assert.Single(told));
    }

    [Fact]
    public async Task Aborting_ends_a_connection_whose_client_does_not_read()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, int.MaxValue)]);
        route.OpenRelayed(1, endStream: true);
        route.Client.WindowUpdate(0, int.MaxValue - FlowWindow.DefaultSize);
        route.Runtime.Expect(FrameType.WindowUpdate, 0);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        // More than the client's socket holds (208 KiB, socket(7) wmem_default), so that the relay's thread stays in a write.
        for (var i = 0; i < 20; i++)
            route.Runtime.Data(1, new byte[16_000]);
        route.Client.Expect(FrameType.Headers, 1);

        var connection = Assert.Single(route.Relay.Connections);
        connection.Abort();
        await connection.Completion.WaitAsync(s_patience);
    }

    [Fact]
    public void A_client_that_does_not_read_replies_can_still_send_requests()
    {
        using var route = FrameRoute.Open(client: [new Setting(SettingId.InitialWindowSize, int.MaxValue)]);
        route.OpenRelayed(1, endStream: true);
        route.Client.WindowUpdate(0, 4 * 1024 * 1024);
        route.Runtime.Expect(FrameType.WindowUpdate, 0);
        route.Runtime.Headers(1, endStream: false, (":status", "200"));
        for (var i = 0; i < 20; i++)
            route.Runtime.Data(1, new byte[16_000]);
        route.OpenRelayed(3);
        route.Client.Data(3, [1]);
        route.Runtime.Expect(FrameType.Data, 3);
    }
}
