using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Channel;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Calls;

public sealed class RuntimeChannelTests
{
    [Fact]
    public async Task A_question_of_its_own_is_answered()
    {
        await using var route = await Route.StartAsync();
        using var channel = new RuntimeChannel(route.ServerSocket);
        var reply = await channel.CallAsync("/test.Echo/Unary", new byte[] { 1, 2 }, headers: null, CancellationToken.None);
        Assert.Equal(GrpcStatus.Ok, reply.Status);
        Assert.Equal([1, 2], reply.Message.ToArray());
    }

    [Theory]
    [InlineData("Fail", StatusCode.FailedPrecondition, "café is closed")]
    [InlineData("Refuse", StatusCode.PermissionDenied, "not you")]
    public async Task A_status_is_read_from_trailers_and_from_headers(string method, StatusCode code, string message)
    {
        await using var route = await Route.StartAsync();
        using var channel = new RuntimeChannel(route.ServerSocket);
        var reply = await channel.CallAsync($"/test.Echo/{method}", new byte[] { 1, 2 }, headers: null, CancellationToken.None);
        Assert.Equal(new GrpcStatus(code, message), reply.Status);
    }

    [Fact]
    public async Task A_runtime_that_is_not_there_is_unavailable_and_named()
    {
        using var sockets = new SocketDirectory();
        using var channel = new RuntimeChannel(sockets.Path("none.sock"));
        var reply = await channel.CallAsync("/a/b", default, headers: null, CancellationToken.None);
        var words = $"criguard: runtime unix://{sockets.Path("none.sock")} does not answer: no such socket";
        Assert.Equal(new GrpcStatus(StatusCode.Unavailable, words), reply.Status);
    }

    [Fact]
    public async Task The_first_message_of_a_forwarded_reply_is_captured()
    {
        await using var route = await Route.StartAsync();
        await route.Through.CallAsync("LiftStream", Framing.StreamRequest(2, 3));
        Assert.True(route.Relay.Outcomes.TryTake(out var outcome, TimeSpan.FromSeconds(30)));
        Assert.Equal(GrpcStatus.Ok, outcome.Status);
        Assert.Equal([0, 0, 0], outcome.FirstMessage.ToArray());
    }

    [Fact]
    public async Task A_call_that_is_passed_on_is_answered_as_one_that_is_forwarded()
    {
        using var channels = new ChannelRoute();
        var passedOn = new TaskCompletionSource<Task>();
        using var route = FrameRoute.Open(async call =>
        {
            var passing = channels.Channel.PassOnAsync(call);
            passedOn.SetResult(passing);
            await passing;
        });
        route.Client.Call(1, "Lift", endStream: false, ("x-b-bin", "AA"), ("x-b-bin", "AQ"));
        route.Client.Data(1, Framing.Frame([7]), endStream: true);
        var runtime = channels.Accept();
        Assert.Equal((1, (byte)7), runtime.TakeCall());
        runtime.Reply(1, mark: 8);
        route.Client.Expect(FrameType.Headers, 1);
        Assert.Equal(Framing.Frame([8]), route.Client.Expect(FrameType.Data, 1).Payload);
        Assert.Equal("0", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
        await (await passedOn.Task).WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_call_has_the_authority_localhost_no_length_and_no_pings()
    {
        using var sockets = new SocketDirectory();
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(sockets.Path("runtime.sock")));
        listener.Listen();
        using var channel = new RuntimeChannel(sockets.Path("runtime.sock"));
        var call = channel.CallAsync("/a/b", new byte[] { 7 }, headers: null, CancellationToken.None);
        using var runtime = new FramePeer(await listener.AcceptAsync());
        runtime.ReadExactly(Preface.Bytes.Length);
        runtime.Settings();
        var headers = runtime.Decode(runtime.Await(FrameType.Headers));
        Assert.Equal(("localhost", "/a/b", "trailers"), (headers[":authority"], headers[":path"], headers["te"]));
        Assert.DoesNotContain("content-length", headers.Keys);

        runtime.Headers(1, endStream: false, (":status", "200"), ("content-type", "application/grpc"));
        runtime.Data(1, Framing.Frame(new byte[12_000]));
        runtime.Headers(1, endStream: true, ("grpc-status", "0"));
        Assert.Equal(12_000, (await call).Message.Length);
        // Bandwidth would be measured by a ping after DATA.
        channel.Dispose();
        Assert.DoesNotContain(runtime.ReadToEnd(), f => f.Type is FrameType.Ping);
    }

    [Fact]
    public async Task A_runtime_that_dies_in_mid_reply_is_unavailable_to_the_client()
    {
        using var route = FrameRoute.Open(forward: true);
        using var runtime = await BeginLiftedAsync(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Decode(route.Client.Await(FrameType.Headers));
        runtime.Dispose();
        var trailers = route.Client.Decode(route.Client.Await(FrameType.Headers));
        Assert.Equal("14", trailers["grpc-status"]);
        Assert.Contains("runtime unix:///", trailers["grpc-message"], StringComparison.Ordinal);
        Assert.Contains("does not answer: connection ", trailers["grpc-message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trailers_only_reply_of_the_runtime_becomes_one_header_block_that_ends_the_stream()
    {
        using var route = FrameRoute.Open(forward: true);
        using var runtime = await BeginLiftedAsync(route);
        runtime.Headers(1, endStream: true, (":status", "200"), ("grpc-status", "5"), ("grpc-status-details-bin", "AA"));
        var reply = route.Client.Await(FrameType.Headers);
        Assert.True(reply.Flags.HasFlag(FrameFlags.EndStream));
        var fields = route.Client.Decode(reply);
        Assert.Equal(("200", "5", "AA"), (fields[":status"], fields["grpc-status"], fields["grpc-status-details-bin"]));
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_at_the_runtime()
    {
        using var route = FrameRoute.Open(forward: true);
        using var runtime = await BeginLiftedAsync(route);
        route.Client.Reset(1, ErrorCode.Cancel);
        Assert.Equal(ErrorCode.Cancel, FramePayload.ReadErrorCode(runtime.Await(FrameType.RstStream).Payload));
    }

    [Theory]
    [InlineData(ErrorCode.ProtocolError, 1)]
    [InlineData(ErrorCode.EnhanceYourCalm, 1)]
    [InlineData(ErrorCode.InternalError, 0)]
    public async Task A_runtime_that_ends_the_connection_with_an_error_is_unavailable(ErrorCode code, int last)
    {
        using var route = FrameRoute.Open(forward: true);
        using var runtime = await BeginLiftedAsync(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Decode(route.Client.Await(FrameType.Headers));
        runtime.Send(FrameType.GoAway, FrameFlags.None, 0, [0, 0, 0, (byte)last, 0, 0, 0, (byte)code]);
        runtime.Dispose();
        Assert.Equal("14", route.Client.Decode(route.Client.Await(FrameType.Headers))["grpc-status"]);
    }

    [Theory]
    [InlineData(ErrorCode.InternalError, "13")]
    [InlineData(ErrorCode.EnhanceYourCalm, "8")]
    [InlineData(ErrorCode.Cancel, "1")]
    public async Task A_stream_that_the_runtime_resets_has_the_status_of_its_code(ErrorCode code, string status)
    {
        using var route = FrameRoute.Open(forward: true);
        using var runtime = await BeginLiftedAsync(route);
        runtime.Headers(1, endStream: false, (":status", "200"));
        route.Client.Decode(route.Client.Await(FrameType.Headers));
        runtime.Reset(1, code);
        Assert.Equal(status, route.Client.Decode(route.Client.Await(FrameType.Headers))["grpc-status"]);
    }

    // The channel's own connection, with the request of a lifted call on its first stream.
    private static async Task<FramePeer> BeginLiftedAsync(FrameRoute route)
    {
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        var runtime = await route.AcceptAsync();
        runtime.ReadExactly(Preface.Bytes.Length);
        runtime.Settings();
        while (!runtime.Await(FrameType.Data).Flags.HasFlag(FrameFlags.EndStream))
            continue;
        return runtime;
    }
}
