using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Relay;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class LiftedCallTests
{
    [Fact]
    public void A_handler_sees_the_call_as_it_was_sent()
    {
        LiftedCall? seen = null;
        using var route = FrameRoute.Open(async call =>
        {
            seen = call;
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.Client.Call(
            1, "Lift", endStream: false, ("te", "trailers"), ("x-b-bin", "AA"), ("grpc-timeout", "5S"), ("x-a", "1"), ("x-b-bin", "AQ"));
        route.Client.Data(1, [0, 0]);
        route.Client.Data(1, [0, 0, 3, 7]);
        route.Client.Data(1, [8, 9], endStream: true);
        route.Client.Expect(FrameType.Headers, 1);

        Assert.Equal("/test.Echo/Lift", seen!.Path);
        Assert.Equal([7, 8, 9], seen.Message.ToArray());
        Assert.Equal(TimeSpan.FromSeconds(5), seen.Timeout);
        Assert.Equal(
            ["content-type:application/grpc", "x-b-bin:AA", "grpc-timeout:5S", "x-a:1", "x-b-bin:AQ"],
            seen.Headers.Select(h => $"{h.Name}:{h.Text}"));
    }

    [Fact]
    public void A_refusal_is_one_header_block_that_ends_the_stream()
    {
        var refusal = new GrpcStatus(StatusCode.PermissionDenied, "container `wéb`: forbidden");
        using var route = FrameRoute.Open(async call => await call.RefuseAsync(refusal));
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        var frame = route.Client.Expect(FrameType.Headers, 1);
        Assert.True(frame.Flags.HasFlag(FrameFlags.EndStream));
        var fields = route.Client.Decode(frame);
        Assert.Equal(("200", "application/grpc", "7"), (fields[":status"], fields["content-type"], fields["grpc-status"]));
        Assert.Equal("container `w%C3%A9b`: forbidden", fields["grpc-message"]);
    }

    [Fact]
    public void An_answer_before_the_request_ended_tells_the_client_to_stop_without_error()
    {
        using var route = FrameRoute.Open(configure: options => options with { MaxRequestMessage = 10 });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, [0, 0, 0, 0, 11, 1]);
        Assert.Equal("8", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
        Assert.Equal(ErrorCode.NoError, FramePayload.ReadErrorCode(route.Client.Expect(FrameType.RstStream, 1).Payload));
    }

    [Fact]
    public async Task An_exception_of_a_handler_is_internal_and_told()
    {
        var told = new TaskCompletionSource<(string, string)>();
        using var route = FrameRoute.Open(
            _ => throw new InvalidOperationException("odd"),
            options => options with { HandlerFailed = (path, e) => told.SetResult((path, e.Message)) });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        var fields = route.Client.Decode(route.Client.Expect(FrameType.Headers, 1));
        Assert.Equal(("13", "criguard: internal error: odd"), (fields["grpc-status"], fields["grpc-message"]));
        Assert.Equal(("/test.Echo/Lift", "odd"), await told.Task.WaitAsync(TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public void A_call_that_its_handler_forgets_is_internal()
    {
        using var route = FrameRoute.Open(_ => Task.CompletedTask);
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        Assert.Equal("13", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
    }

    [Fact]
    public async Task A_reset_cancels_its_handler()
    {
        var cancelled = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            call.Cancelled.Register(cancelled.SetResult);
            begun.SetResult();
            await cancelled.Task;
        });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(15));
        route.Client.Reset(1, ErrorCode.Cancel);
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_loss_of_the_client_cancels_its_handlers()
    {
        var cancelled = new TaskCompletionSource();
        var begun = new TaskCompletionSource();
        using var route = FrameRoute.Open(async call =>
        {
            call.Cancelled.Register(cancelled.SetResult);
            begun.SetResult();
            await cancelled.Task;
        });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(15));
        route.Client.Dispose();
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(15));
        Assert.Empty(route.Runtime.ReadToEnd());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deadline_that_passes_is_answered_here_whether_the_request_is_whole_or_not(bool whole)
    {
        using var route = FrameRoute.Open(call => Task.Delay(Timeout.Infinite, call.Cancelled));
        route.Client.Call(1, "Lift", endStream: false, ("grpc-timeout", "20m"));
        if (whole)
            route.Client.Data(1, Framing.Frame([1]), endStream: true);
        var answer = await Task.Run(() => route.Client.Await(FrameType.Headers));
        Assert.Equal("4", route.Client.Decode(answer)["grpc-status"]);
    }

    [Fact]
    public void Small_windows_of_the_runtime_do_not_hinder_what_never_reaches_it()
    {
        using var route = FrameRoute.Open(runtime: [new Setting(SettingId.InitialWindowSize, 0)]);
        route.Client.Call(1, "Lift");
        Assert.Equal(FlowWindow.DefaultSize, FramePayload.ReadWindowIncrement(route.Client.Expect(FrameType.WindowUpdate, 1).Payload));
    }

    [Fact]
    public void Collected_requests_are_bounded_for_a_connection_and_the_bound_is_free_again_afterwards()
    {
        var shared = new CollectedOctets(1500);
        using var route = FrameRoute.Open(configure: options => options with { Collected = shared });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame(new byte[900]).AsSpan(0, 904));
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame(new byte[900]).AsSpan(0, 904));
        Assert.Equal("8", route.Client.Decode(route.Client.Expect(FrameType.Headers, 3))["grpc-status"]);
        route.Client.Expect(FrameType.RstStream, 3);
        Assert.InRange(shared.Held, 899, 1500);
        route.Client.Reset(1, ErrorCode.Cancel);
        route.Client.Ping(1);
        route.Client.Expect(FrameType.Ping, 0);
        Assert.Equal(0, shared.Held);
    }

    [Fact]
    public void More_streams_than_are_allowed_are_refused_for_the_client_to_send_again()
    {
        using var route = FrameRoute.Open(configure: options => options with { MaxStreams = 1 });
        route.OpenRelayed(1);
        route.Client.Call(3, "Unary");
        Assert.Equal(ErrorCode.RefusedStream, FramePayload.ReadErrorCode(route.Client.Expect(FrameType.RstStream, 3).Payload));
    }
}
