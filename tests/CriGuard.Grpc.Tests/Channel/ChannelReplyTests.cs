using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Channel;

/// <summary>What the channel makes of replies, good ones and others.</summary>
public sealed class ChannelReplyTests
{
    private static readonly (string, string) s_ok = (":status", "200");

    [Fact]
    public async Task Interim_responses_padding_and_continuations_are_no_part_of_a_reply()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, (":status", "103"), ("link", "x"));
        var headers = FramePeer.Block(s_ok, ("content-type", "application/grpc"));
        runtime.Send(FrameType.Headers, FrameFlags.Padded | FrameFlags.Priority, 1, [3, 0, 0, 0, 0, 1, .. headers.AsSpan(0, 1), 0, 0, 0]);
        runtime.Send(FrameType.Continuation, FrameFlags.None, 1, headers.AsSpan(1, 2));
        runtime.Send(FrameType.Continuation, FrameFlags.EndHeaders, 1, headers.AsSpan(3));
        runtime.Send(FrameType.Data, FrameFlags.Padded, 1, [2, .. Framing.Frame([9]), 0, 0]);
        runtime.Send((FrameType)0xfa, FrameFlags.None, 1, [1, 2, 3]);
        runtime.Send(FrameType.Priority, FrameFlags.None, 1, [0, 0, 0, 0, 1]);
        runtime.Data(1, []);
        runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        var reply = await call;
        Assert.Equal(GrpcStatus.Ok, reply.Status);
        Assert.Equal([9], reply.Message.ToArray());
        Assert.Empty(runtime.Settle());
    }

    [Theory]
    [InlineData("200", 2)]
    [InlineData("503", 14)]
    [InlineData("404", 12)]
    public async Task A_reply_without_a_status_has_that_of_http(string http, int code)
    {
        using var route = new ChannelRoute();
        var first = route.Call(1);
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: true, (":status", http));
        var expected = new GrpcStatus((StatusCode)code, $"criguard: runtime {route.Name} answered without a status: HTTP {http}");
        Assert.Equal(expected, (await first).Status);

        var second = route.Call(2);
        runtime.TakeCall();
        runtime.Headers(3, endStream: false, (":status", http));
        runtime.Data(3, Framing.Frame([1]), endStream: true);
        Assert.Equal(expected, (await second).Status);

        var third = route.Call(3);
        runtime.TakeCall();
        runtime.Headers(5, endStream: false, (":status", http));
        runtime.Headers(5, endStream: true, ("x-a", "b"));
        Assert.Equal(expected, (await third).Status);
    }

    [Fact]
    public async Task A_status_in_headers_that_end_nothing_ends_the_call_and_resets_the_stream()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, s_ok, ("grpc-status", "7"), ("grpc-message", "not you"));
        Assert.Equal(new GrpcStatus(StatusCode.PermissionDenied, "not you"), (await call).Status);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));
    }

    [Fact]
    public async Task A_status_message_arrives_with_the_blanks_around_it()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: true, s_ok, ("grpc-status", "2"), ("grpc-message", " stderr: "));
        Assert.Equal(new GrpcStatus(StatusCode.Unknown, " stderr: "), (await call).Status);
    }

    [Theory]
    [InlineData("malformed headers", false)]
    [InlineData("malformed headers", false, ":status", "20")]
    [InlineData("malformed headers", false, ":status", "2x0")]
    [InlineData("malformed headers", true, ":status", "100")]
    [InlineData("malformed headers", false, ":status", "200", ":status", "200")]
    [InlineData("malformed headers", false, "x-a", "b", ":status", "200")]
    [InlineData("malformed headers", false, ":status", "200", ":path", "/")]
    [InlineData("malformed headers", false, ":status", "200", "X-A", "b")]
    [InlineData("malformed headers", false, ":status", "200", "x-a", "b\r\n")]
    [InlineData("malformed headers", false, ":status", "200", "connection", "close")]
    public async Task Malformed_headers_end_their_stream_alone(string what, bool endStream, params string[] fields)
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream, [.. fields.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        await EndsAlone(route, runtime, call, what);
    }

    [Theory]
    [InlineData("malformed trailers", false, "grpc-status", "0")]
    [InlineData("malformed trailers", true, ":status", "200")]
    [InlineData("malformed trailers", true, "grpc-status", "0", "x-a", "b\0")]
    public async Task Malformed_trailers_end_their_stream_alone(string what, bool endStream, params string[] fields)
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, s_ok);
        runtime.Headers(1, endStream, [.. fields.Chunk(2).Select(pair => (pair[0], pair[1]))]);
        await EndsAlone(route, runtime, call, what);
    }

    [Fact]
    public async Task Octets_before_headers_end_their_stream_alone()
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Data(1, [1]);
        await EndsAlone(route, runtime, call, "DATA before headers");
    }

    [Fact]
    public async Task Headers_past_the_bound_end_their_stream_and_leave_the_table_in_step()
    {
        using var route = new ChannelRoute();
        var call = route.Call(1);
        var runtime = route.Accept();
        runtime.TakeCall();
        // An entry of 1000 octets into the table, then references to it until the list is too long.
        byte[] entry = [0x40, 1, (byte)'x', 0x7f, 0xe9, 0x06, .. Enumerable.Repeat((byte)'a', 1000)];
        runtime.Send(FrameType.Headers, FrameFlags.EndHeaders, 1, [0x88, .. entry, .. Enumerable.Repeat((byte)(0x80 | 62), 130)]);
        var status = (await call).Status;
        var words = $"criguard: runtime {route.Name} answered with headers of more than 131072 octets";
        Assert.Equal(new GrpcStatus(StatusCode.ResourceExhausted, words), status);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));

        var second = route.Call(2);
        runtime.TakeCall();
        runtime.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, [0x88, 0x80 | 62, .. FramePeer.Block(("grpc-status", "5"))]);
        Assert.Equal(StatusCode.NotFound, (await second).Status.Code);
    }

    [Fact]
    public async Task Header_blocks_of_calls_that_are_over_keep_the_table_in_step()
    {
        using var route = new ChannelRoute();
        using var cancelled = new CancellationTokenSource();
        var first = route.Call(1, cancelled.Token);
        var runtime = route.Accept();
        runtime.TakeCall();
        var second = route.Call(2);
        runtime.TakeCall();
        await cancelled.CancelAsync();
        runtime.Await(FrameType.RstStream);
        byte[] entry = [0x40, 11, .. "grpc-status"u8, 1, (byte)'5'];
        runtime.Send(FrameType.Headers, FrameFlags.None, 1, [0x88]);
        runtime.Send(FrameType.Continuation, FrameFlags.EndHeaders, 1, entry);
        runtime.Send(FrameType.RstStream, FrameFlags.None, 1, [0, 0, 0, 0]);
        runtime.WindowUpdate(1, 5);
        runtime.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 3, [0x88, 0x80 | 62]);
        Assert.Equal(StatusCode.NotFound, (await second).Status.Code);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Empty(runtime.Settle());
    }

    [Fact]
    public async Task A_reply_before_the_end_of_the_request_stops_the_request()
    {
        using var route = new ChannelRoute();
        var call = route.Call(new byte[100_000]);
        var runtime = route.Accept();
        runtime.Await(FrameType.Headers);
        runtime.Settle();
        runtime.Headers(1, endStream: true, s_ok, ("grpc-status", "8"));
        Assert.Equal(StatusCode.ResourceExhausted, (await call).Status.Code);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Expect(FrameType.RstStream, 1).Payload));
        // Servers that want no more of the request say so (RFC 9113 section 8.1); it is no error.
        runtime.Reset(1, ErrorCode.NoError);
        runtime.WindowUpdate(0, 100_000);
        Assert.Empty(runtime.Settle());
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 1 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 1 })]
    [InlineData(new byte[] { 2, 0, 0, 0, 1, 1 })]
    [InlineData(new byte[] { 0, 0xff, 0xff, 0xff, 0xff, 1 })]
    public async Task An_answer_that_is_not_one_message_is_internal(byte[] body)
    {
        using var route = new ChannelRoute();
        var call = route.Call();
        var runtime = route.Accept();
        runtime.TakeCall();
        runtime.Headers(1, endStream: false, s_ok);
        runtime.Data(1, body);
        runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        var reply = await call;
        var words = $"criguard: runtime {route.Name} answered `/a/b` with other than one message";
        Assert.Equal(new GrpcStatus(StatusCode.Internal, words), reply.Status);
        Assert.True(reply.Message.IsEmpty);
    }

    // The call is INTERNAL, and the next one is served over the same connection.
    private static async Task EndsAlone(ChannelRoute route, FramePeer runtime, Task<RuntimeReply> call, string what)
    {
        Assert.Equal(new GrpcStatus(StatusCode.Internal, $"criguard: runtime {route.Name} sent what is no reply: {what}"), (await call).Status);
        Assert.Equal(ErrorCode.ProtocolError, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));
        var next = route.Call(2);
        Assert.Equal(3, runtime.TakeCall().StreamId);
        runtime.Reply(3, mark: 4);
        Assert.Equal([4], (await next).Message.ToArray());
    }
}
