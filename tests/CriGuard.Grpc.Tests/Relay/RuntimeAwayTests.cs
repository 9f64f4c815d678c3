using System.Net.Sockets;
using CriGuard.Grpc.Calls;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class RuntimeAwayTests
{
    [Theory]
    [InlineData("Unary")]
    [InlineData("Lift")]
    public async Task Calls_are_unavailable_while_there_is_no_runtime_and_work_once_it_is_there(string method)
    {
        using var sockets = new SocketDirectory();
        using var relay = new RelayHost(sockets.Path("relay.sock"), sockets.Path("runtime.sock"));
        using var client = new CallClient(relay.Socket);
        for (var i = 0; i < 20; i++)
        {
            var refused = await client.CallAsync(method, [1]);
            Assert.Equal("14", refused.Status);
            Assert.Equal($"criguard: runtime unix://{sockets.Path("runtime.sock")} does not answer: no such socket", refused.StatusMessage);
        }

        // Clients that are sent away at once dial without pause.
        Assert.Single(relay.Connections);
        await using var server = await EchoServer.StartAsync(sockets.Path("runtime.sock"));
        Assert.Equal("0", (await client.CallAsync(method, [1])).Status);
    }

    [Fact]
    public async Task A_socket_that_nobody_listens_on_is_a_refused_connection()
    {
        using var sockets = new SocketDirectory();
        using (var dead = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
            dead.Bind(new UnixDomainSocketEndPoint(sockets.Path("runtime.sock")));
        await File.WriteAllTextAsync(sockets.Path("other.sock"), "");
        using var relay = new RelayHost(sockets.Path("relay.sock"), sockets.Path("other.sock"));
        using var client = new CallClient(relay.Socket);
        Assert.EndsWith("does not answer: connection refused", (await client.CallAsync("Unary", [1])).StatusMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_that_dies_in_mid_call_is_unavailable_with_headers_or_without()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1, endStream: true);
        route.OpenRelayed(3, endStream: true);
        route.OpenRelayed(5);
        route.Runtime.Headers(3, endStream: false, (":status", "200"));
        route.Client.Decode(route.Client.Expect(FrameType.Headers, 3));
        route.Runtime.Dispose();

        var ends = route.Client.ReadToEnd();
        var answers = ends.Where(f => f.Type is FrameType.Headers).ToDictionary(f => f.StreamId, route.Client.Decode);
        Assert.Equal([1, 3, 5], answers.Keys.Order());
        Assert.All(answers.Values, a => Assert.Equal("14", a["grpc-status"]));
        Assert.Contains("does not answer: connection closed", answers[1]["grpc-message"], StringComparison.Ordinal);
        Assert.Equal(("200", false), (answers[1][":status"], answers[3].ContainsKey(":status")));
        Assert.Equal(5, Assert.Single(ends, f => f.Type is FrameType.RstStream).StreamId);
        Assert.Equal(FrameType.GoAway, ends[^1].Type);
    }

    [Fact]
    public void What_is_held_of_a_dead_runtime_still_arrives_before_its_end()
    {
        using var route = FrameRoute.Open(async call =>
        {
            await call.StartAsync([]);
            await call.WriteAsync(new byte[FlowWindow.DefaultSize], CancellationToken.None);
            await call.RefuseAsync(GrpcStatus.Ok);
        });
        route.Client.Call(1, "Lift");
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        while (!route.Client.Await(FrameType.Headers).Flags.HasFlag(FrameFlags.EndStream))
            continue;
        route.OpenRelayed(3, endStream: true);
        route.Runtime.Headers(3, endStream: false, (":status", "200"));
        route.Runtime.Data(3, [7]);
        route.Runtime.Dispose();
        route.Client.Expect(FrameType.Headers, 3);
        route.Client.Expect(FrameType.GoAway, 0);
        route.Client.WindowUpdate(0, 1);

        Assert.Equal([7], route.Client.Expect(FrameType.Data, 3).Payload);
        Assert.Equal("14", route.Client.Decode(route.Client.Expect(FrameType.Headers, 3))["grpc-status"]);
        Assert.Empty(route.Client.ReadToEnd());
    }

    [Fact]
    public async Task The_next_call_works_when_the_runtime_has_been_restarted()
    {
        using var sockets = new SocketDirectory();
        var path = sockets.Path("runtime.sock");
        using var relay = new RelayHost(sockets.Path("relay.sock"), path);
        for (var round = 0; round < 3; round++)
        {
            await using (await EchoServer.StartAsync(path))
            {
                Assert.Equal("0", (await CallAsync("Unary")).Status);
                Assert.Equal("0", (await CallAsync("Lift")).Status);
            }

            File.Delete(path);
            Assert.Equal("14", (await CallAsync("Unary")).Status);
            Assert.Equal("14", (await CallAsync("Lift")).Status);
        }

        // A client of its own for each call: one whose connection ends under its hands may fail by itself.
        async Task<CallReply> CallAsync(string method)
        {
            using var client = new CallClient(relay.Socket);
            return await client.CallAsync(method, [1]);
        }
    }

    [Theory]
    [InlineData("Abort")]
    [InlineData("LiftAbort")]
    public async Task A_stream_that_the_runtime_resets_fails_alone(string method)
    {
        await using var route = await Route.StartAsync();
        var failure = await Record.ExceptionAsync(async () => Assert.NotEqual("0", (await route.Through.CallAsync(method, [1])).Status));
        Assert.True(failure is null or HttpRequestException, failure?.ToString());
        Assert.Equal("0", (await route.Through.CallAsync("Unary", [1])).Status);
    }

    [Fact]
    public void A_runtime_that_breaks_the_protocol_is_unavailable_and_named()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1, endStream: true);
        route.Runtime.Data(9, [1]);
        var answer = route.Client.Decode(route.Client.Expect(FrameType.Headers, 1));
        Assert.Contains("not understood: Data frame on idle stream 9", answer["grpc-message"], StringComparison.Ordinal);
    }
}
