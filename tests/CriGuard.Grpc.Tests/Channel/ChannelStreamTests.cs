using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Channel;

/// <summary>How the channel opens its connection and its streams, and how calls leave it.</summary>
public sealed class ChannelStreamTests
{
    [Fact]
    public async Task A_connection_begins_with_the_preface_and_settings_without_push_and_widens_its_window()
    {
        using var sockets = new SocketDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(sockets.Path("runtime.sock")));
        listener.Listen();
        using var channel = new RuntimeChannel(sockets.Path("runtime.sock"));
        var call = channel.CallAsync("/a/b", new byte[] { 7 }, headers: null, CancellationToken.None);
        using var runtime = new FramePeer(await listener.AcceptAsync());
        Assert.Equal(Preface.Bytes.ToArray(), runtime.ReadExactly(Preface.Bytes.Length));
        var settings = runtime.Expect(FrameType.Settings, 0).Payload;
        Assert.Equal([0, 2, 0, 0, 0, 0, 0, 4, 0, 2, 0, 0, 0, 6, 0, 2, 0, 0], settings);
        var window = FramePayload.ReadWindowIncrement(runtime.Expect(FrameType.WindowUpdate, 0).Payload);
        Assert.Equal(1024 * 1024, FlowWindow.DefaultSize + window);
        // Calls do not wait for the runtime's settings.
        Assert.Equal((1, (byte)7), runtime.TakeCall());
        runtime.Settings();
        Assert.True(runtime.Expect(FrameType.Settings, 0).Flags.HasFlag(FrameFlags.Ack));
        runtime.Reply(1, mark: 9);
        Assert.Equal([9], (await call).Message.ToArray());
    }

    [Fact]
    public async Task Calls_share_the_connection_and_are_answered_in_any_order()
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var runtime = route.Accept();
        Assert.Equal(1, runtime.TakeCall().StreamId);
        var second = route.Call(2);
        Assert.Equal(3, runtime.TakeCall().StreamId);
        runtime.Reply(3, mark: 30);
        Assert.Equal([30], (await second).Message.ToArray());
        runtime.Reply(1, mark: 10);
        Assert.Equal([10], (await first).Message.ToArray());
        Assert.False(route.IsDialled);
    }

    [Fact]
    public async Task No_more_streams_are_open_than_the_runtime_takes()
    {
        using var route = new ChannelRoute();
        var calls = new[] { route.Call(1), route.Call(2), route.Call(3) };
        // The limit comes too late for what is on its way, and holds for all that follows.
        var runtime = route.Accept(new Setting(SettingId.MaxConcurrentStreams, 1));
        for (var i = 0; i < 3; i++)
            runtime.TakeCall();
        runtime.Settle();
        var fourth = route.Call(4);
        runtime.Reply(1, mark: 1);
        runtime.Reply(3, mark: 1);
        Assert.DoesNotContain(runtime.Settle(), frame => frame.Type is FrameType.Headers);
        runtime.Reply(5, mark: 1);
        Assert.Equal((7, (byte)4), runtime.TakeCall());
        var fifth = route.Call(5);
        Assert.Empty(runtime.Settle());
        runtime.Settings(new Setting(SettingId.MaxConcurrentStreams, 2));
        Assert.Equal(9, runtime.TakeCall().StreamId);
        runtime.Reply(9, mark: 1);
        runtime.Reply(7, mark: 1);
        Assert.All(await Task.WhenAll([.. calls, fourth, fifth]), reply => Assert.Equal(GrpcStatus.Ok, reply.Status));
    }

    [Fact]
    public async Task Before_the_runtime_has_named_a_limit_a_hundred_streams_are_open()
    {
        using var route = new ChannelRoute();
        var calls = Enumerable.Range(0, 150).Select(i => route.Call((byte)i)).ToArray();
        var runtime = route.AcceptSilent();
        for (var i = 0; i < 100; i++)
            Assert.Equal(1 + (2 * i), runtime.TakeCall().StreamId);
        runtime.Settings();
        runtime.Expect(FrameType.Settings, 0);
        for (var i = 100; i < 150; i++)
            Assert.Equal(1 + (2 * i), runtime.TakeCall().StreamId);
        for (var i = 0; i < 150; i++)
            runtime.Reply(1 + (2 * i), (byte)i);
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (byte)i), (await Task.WhenAll(calls)).Select(reply => reply.Message.Span[0]));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_resets_its_stream()
    {
        using var route = new ChannelRoute();
        using var cancelled = new CancellationTokenSource();
        var call = route.Call(1, cancelled.Token);
        var runtime = route.Accept();
        runtime.TakeCall();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));
    }

    [Fact]
    public async Task A_call_that_is_cancelled_before_it_has_a_stream_never_reaches_the_runtime()
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var runtime = route.Accept(new Setting(SettingId.MaxConcurrentStreams, 1));
        runtime.TakeCall();
        runtime.Settle();
        using var cancelled = new CancellationTokenSource();
        var second = route.Call(2, cancelled.Token);
        var third = route.Call(3);
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.Empty(runtime.Settle());
        runtime.Reply(1, mark: 1);
        Assert.Equal((3, (byte)3), runtime.TakeCall());
        runtime.Reply(3, mark: 3);
        Assert.Equal([3], (await third).Message.ToArray());
        Assert.Equal([1], (await first).Message.ToArray());
    }

    [Fact]
    public async Task A_call_whose_caller_has_gone_before_it_began_is_not_made()
    {
        using var route = new ChannelRoute();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => route.Call(1, new CancellationToken(canceled: true)));
        Assert.False(route.IsDialled);
    }

    [Fact]
    public async Task When_stream_ids_are_used_up_calls_go_on_over_a_new_connection()
    {
        using var route = new ChannelRoute(firstStream: int.MaxValue - 2);
        var first = route.Call(1);
        var old = route.Accept();
        Assert.Equal(int.MaxValue - 2, old.TakeCall().StreamId);
        var second = route.Call(2);
        Assert.Equal(int.MaxValue, old.TakeCall().StreamId);
        var third = route.Call(3);
        var fresh = route.Accept();
        Assert.Equal(3, fresh.TakeCall().Mark);
        old.Reply(int.MaxValue, mark: 2);
        old.Reply(int.MaxValue - 2, mark: 1);
        Assert.Equal([1], (await first).Message.ToArray());
        Assert.Equal([2], (await second).Message.ToArray());
        // It ends with the last of its calls.
        Assert.DoesNotContain(old.ReadToEnd(), frame => frame.Type is FrameType.Headers);
        fresh.Reply(int.MaxValue - 2, mark: 3);
        Assert.Equal([3], (await third).Message.ToArray());
    }

    [Fact]
    public async Task A_channel_that_is_disposed_ends_its_calls_and_takes_no_more()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        route.Channel.Dispose();
        var closed = new GrpcStatus(StatusCode.Unavailable, $"criguard: runtime {route.Name} is not called any more: criguard is shutting down");
        Assert.Equal(closed, (await call).Status);
        Assert.Equal(closed, (await route.Call()).Status);
        runtime.ReadToEnd();
        Assert.False(route.IsDialled);
    }

    [Fact]
    public void A_ping_is_answered_with_its_octets()
    {
        using var route = new ChannelRoute();
        _ = route.Call();
        var runtime = route.Accept();
        runtime.Send(FrameType.Ping, FrameFlags.None, 0, "shutdown"u8);
        var answer = runtime.Await(FrameType.Ping);
        Assert.Equal((FrameFlags.Ack, "shutdown"), (answer.Flags, System.Text.Encoding.ASCII.GetString(answer.Payload)));
        runtime.Send(FrameType.Ping, FrameFlags.Ack, 0, "whatever"u8);
        Assert.Empty(runtime.Settle());
    }
}
