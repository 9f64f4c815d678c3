using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Channel;

/// <summary>Connections that end, and which calls are made once more.</summary>
public sealed class ChannelLossTests
{
    [Fact]
    public async Task Calls_above_the_last_stream_of_a_goaway_are_made_once_more_and_those_below_finish_where_they_are()
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var old = route.Accept();
        old.TakeCall();
        var second = route.Call(2);
        old.TakeCall();
        old.GoAway(1);
        var fresh = route.Accept();
        Assert.Equal((1, (byte)2), fresh.TakeCall());
        var third = route.Call(3);
        Assert.Equal((3, (byte)3), fresh.TakeCall());
        fresh.Reply(1, mark: 20);
        fresh.Reply(3, mark: 30);
        old.Reply(1, mark: 10);
        Assert.Equal([10], (await first).Message.ToArray());
        Assert.Equal([20], (await second).Message.ToArray());
        Assert.Equal([30], (await third).Message.ToArray());
        old.ReadToEnd();
    }

    [Fact]
    public async Task A_call_that_waits_for_a_stream_goes_to_the_next_connection_when_this_one_ends()
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var old = route.Accept(new Setting(SettingId.MaxConcurrentStreams, 1));
        old.TakeCall();
        old.Settle();
        var second = route.Call(2);
        old.GoAway(1);
        var fresh = route.Accept();
        Assert.Equal(2, fresh.TakeCall().Mark);
        fresh.Reply(1, mark: 2);
        old.Reply(1, mark: 1);
        Assert.Equal([1], (await first).Message.ToArray());
        Assert.Equal([2], (await second).Message.ToArray());
    }

    [Fact]
    public async Task A_call_that_is_sent_away_twice_is_unavailable()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.GoAway(0);
        runtime = route.Accept();
        runtime.TakeCall();
        runtime.GoAway(0, ErrorCode.EnhanceYourCalm);
        var reply = await call;
        Assert.Equal(new GrpcStatus(StatusCode.Unavailable, $"criguard: runtime {route.Name} closed the connection: EnhanceYourCalm"), reply.Status);
        Assert.False(route.IsDialled);
    }

    [Fact]
    public async Task A_refused_stream_is_tried_once_more()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Reset(1, ErrorCode.RefusedStream);
        Assert.Equal((3, (byte)7), runtime.TakeCall());
        runtime.Reset(3, ErrorCode.RefusedStream);
        var reply = await call;
        Assert.Equal(new GrpcStatus(StatusCode.Unavailable, $"criguard: runtime {route.Name} reset the stream: RefusedStream"), reply.Status);
    }

    [Fact]
    public async Task A_call_that_is_tried_again_when_nobody_waits_for_it_any_more_is_not_made()
    {
        using var route = new ChannelRoute();
        using var cancelled = new CancellationTokenSource();
        var call = route.Call(1, cancelled.Token);
        var runtime = route.Accept();
        runtime.TakeCall();
        await cancelled.CancelAsync();
        runtime.Await(FrameType.RstStream);
        runtime.Reset(1, ErrorCode.RefusedStream);
        Assert.Empty(runtime.Settle());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    [Fact]
    public async Task A_call_that_the_runtime_may_have_taken_is_not_made_again_when_the_connection_is_lost()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Dispose();
        var reply = await call;
        Assert.Equal(new GrpcStatus(StatusCode.Unavailable, $"criguard: runtime {route.Name} does not answer: connection closed"), reply.Status);
        Assert.False(route.IsDialled);
    }

    [Fact]
    public async Task A_call_over_a_connection_that_has_died_unnoticed_is_made_over_the_next()
    {
        for (var i = 0; i < 50; i++)
        {
            using var route = new ChannelRoute();
            var first = route.Call(1);
            var runtime = route.Accept();
            runtime.TakeCall();
            runtime.Reply(1, mark: 1);
            Assert.Equal([1], (await first).Message.ToArray());
            runtime.Dispose();
            var second = route.Call(2);
            runtime = route.Accept();
            Assert.Equal((1, (byte)2), runtime.TakeCall());
            runtime.Reply(1, mark: 2);
            Assert.Equal([2], (await second).Message.ToArray());
        }
    }

    [Fact]
    public async Task A_goaway_without_error_ends_a_connection_once_its_calls_are_done()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        // As grpc-go ends gracefully: a warning, a ping, and then the last stream.
        runtime.Send(FrameType.GoAway, FrameFlags.None, 0, [0x7f, 0xff, 0xff, 0xff, 0, 0, 0, 0]);
        Assert.Empty(runtime.Settle());
        runtime.GoAway(1);
        runtime.Reply(1, mark: 1);
        Assert.Equal([1], (await call).Message.ToArray());
        Assert.Empty(runtime.ReadToEnd());
    }

    [Theory]
    [InlineData("000004 08 00 00000000 00000000", "WINDOW_UPDATE of stream 0: out of bounds", ErrorCode.ProtocolError)]
    [InlineData("000004 08 00 00000001 00000000", "WINDOW_UPDATE of stream 1: out of bounds", ErrorCode.ProtocolError)]
    [InlineData("000004 08 00 00000000 7fffffff", "WINDOW_UPDATE of stream 0: out of bounds", ErrorCode.FlowControlError)]
    [InlineData("000004 08 00 00000001 7fffffff", "WINDOW_UPDATE of stream 1: out of bounds", ErrorCode.FlowControlError)]
    [InlineData("000004 08 00 00000003 00000001", "WindowUpdate frame on idle stream 3", ErrorCode.ProtocolError)]
    [InlineData("000004 03 00 00000003 00000001", "RstStream frame on idle stream 3", ErrorCode.ProtocolError)]
    [InlineData("000004 03 00 00000002 00000001", "RstStream frame on idle stream 2", ErrorCode.ProtocolError)]
    [InlineData("000001 01 05 00000003 88", "Headers frame on idle stream 3", ErrorCode.ProtocolError)]
    [InlineData("000001 00 01 00000005 00", "Data frame on idle stream 5", ErrorCode.ProtocolError)]
    [InlineData("000001 01 04 00000001 ff", "header block of stream 1: cannot be decoded", ErrorCode.CompressionError)]
    [InlineData("000002 01 0c 00000001 0588", "HEADERS on stream 1: more padding than payload", ErrorCode.ProtocolError)]
    [InlineData("000002 00 08 00000001 0500", "DATA on stream 1: more padding than payload", ErrorCode.ProtocolError)]
    [InlineData("000001 01 00 00000001 88 000000 00 00 00000001", "Data frame on stream 1: out of order", ErrorCode.ProtocolError)]
    [InlineData("000001 09 04 00000001 88", "Continuation frame on stream 1: out of order", ErrorCode.ProtocolError)]
    [InlineData("000004 05 04 00000001 00000002", "PushPromise frame of 4 octets on stream 1: forbidden", ErrorCode.ProtocolError)]
    [InlineData("004001 00 00 00000001", "Data frame of 16385 octets on stream 1: forbidden", ErrorCode.FrameSizeError)]
    [InlineData("000006 04 00 00000000 0002 00000001", "setting EnablePush of 1: out of bounds", ErrorCode.ProtocolError)]
    [InlineData("000006 04 00 00000000 0004 80000000", "setting InitialWindowSize of 2147483648: out of bounds", ErrorCode.FlowControlError)]
    [InlineData("000006 04 00 00000000 0005 00000001", "setting MaxFrameSize of 1: out of bounds", ErrorCode.ProtocolError)]
    public async Task A_runtime_that_breaks_the_protocol_is_told_and_named_and_the_next_call_dials_anew(string frames, string what, ErrorCode code)
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.SendRaw(Convert.FromHexString(frames.Replace(" ", "", StringComparison.Ordinal)));
        var reply = await call;
        Assert.Equal(new GrpcStatus(StatusCode.Unavailable, $"criguard: runtime {route.Name} does not answer: not understood: {what}"), reply.Status);
        var farewell = runtime.ReadToEnd()[^1];
        Assert.Equal((FrameType.GoAway, code), (farewell.Type, FramePayload.ReadGoAwayErrorCode(farewell.Payload)));

        var next = route.Call(2);
        runtime = route.Accept();
        runtime.TakeCall();
        runtime.Reply(1, mark: 2);
        Assert.Equal([2], (await next).Message.ToArray());
    }

    [Fact]
    public async Task A_runtime_that_does_not_begin_with_settings_is_not_understood()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.AcceptSilent();
        runtime.Ping(1);
        Assert.EndsWith("not understood: Ping frame before SETTINGS", (await call).Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_runtime_that_asks_and_does_not_read_is_cut_off()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        var pings = new byte[1000 * FrameWriter.PingSize];
        for (var i = 0; i < 1000; i++)
            FrameWriter.WritePing(pings.AsSpan(i * FrameWriter.PingSize), ack: false, "question"u8);
        Assert.Throws<SocketException>(() =>
        {
            while (!call.IsCanceled)
                runtime.SendRaw(pings);
        });
        Assert.EndsWith("not understood: too many answers wait to be read", (await call).Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deadline_is_told_to_the_runtime_and_when_it_has_passed_its_stream_is_reset()
    {
        using var route = FrameRoute.Open(forward: true);
        route.Client.Call(1, "Lift", endStream: false, ("grpc-timeout", "50m"));
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        using var runtime = await route.AcceptAsync();
        runtime.ReadExactly(Preface.Bytes.Length);
        runtime.Settings();
        Assert.Equal("50m", runtime.Decode(runtime.Await(FrameType.Headers))["grpc-timeout"]);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));
        Assert.Equal("4", route.Client.Decode(route.Client.Await(FrameType.Headers))["grpc-status"]);
        Assert.Equal(StatusCode.DeadlineExceeded, route.Relay.Outcomes.Take().Status.Code);
    }
}
