using System.Text;
using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Tests.Relay;

namespace CriGuard.Grpc.Tests.Calls;

/// <summary>What of a lifted call's headers the runtime sees.</summary>
public sealed class ForwardedHeadersTests
{
    [Theory]
    [InlineData("/a.B/LiftC")]
    [InlineData("/a.B/Lift/../C")]
    [InlineData("//evil/Lift")]
    [InlineData("/\\evil\\/Lift")]
    [InlineData("/@evil:1/Lift")]
    [InlineData("/a%2e%zz%2f/Lift")]
    [InlineData("/a/Lift?b#c?d")]
    [InlineData("/a/Lift!\"$&'()*+,;<=>[]^_`{|}~")]
    public async Task A_path_reaches_the_runtime_as_it_was_judged(string path)
    {
        using var route = FrameRoute.Open(forward: true);
        Call(route, path);
        using var runtime = await AcceptAsync(route);
        Assert.Equal(path, runtime.Decode(runtime.Await(FrameType.Headers))[":path"]);
    }

    [Theory]
    [InlineData("/a/Lift b")]
    [InlineData("/a/Lift\té")]
    [InlineData("/\u00e9/Lift")]
    [InlineData("/a/Lift\u007f")]
    public void A_path_that_no_method_can_have_is_unimplemented(string path)
    {
        using var route = FrameRoute.Open(forward: true);
        Call(route, path);
        Assert.Equal("12", route.Client.Decode(route.Client.Expect(FrameType.Headers, 1))["grpc-status"]);
    }

    [Fact]
    public async Task Metadata_reaches_the_runtime_in_its_order_and_as_often_as_it_was_sent()
    {
        using var route = FrameRoute.Open(forward: true);
        Call(route, "/a/Lift", ("user-agent", "grpc-go/1.58.3"), ("x-b-bin", "AA"), ("grpc-timeout", "5S"), ("x-b-bin", "AQ"));
        using var runtime = await AcceptAsync(route);
        var fields = new HeaderFields();
        new HpackDecoder(HpackDecoder.DefaultTableSize).TryDecode(runtime.Await(FrameType.Headers).Payload, fields, int.MaxValue);
        Assert.Equal(
            [
                ":method: POST", ":scheme: http", ":path: /a/Lift", ":authority: localhost", "te: trailers", "content-type: application/grpc",
                "user-agent: grpc-go/1.58.3", "x-b-bin: AA", "grpc-timeout: 5S", "x-b-bin: AQ",
            ],
            Enumerable.Range(0, fields.Count).Select(i => $"{Encoding.ASCII.GetString(fields[i].Name)}: {Encoding.ASCII.GetString(fields[i].Value)}"));
    }

    [Fact]
    public async Task Fields_of_one_hop_stay_behind()
    {
        using var route = FrameRoute.Open(forward: true);
        Call(route, "/a/Lift", ("host", "elsewhere"), ("expect", "100-continue"), ("content-length", "5"), ("x-a", "1"));
        using var runtime = await AcceptAsync(route);
        var headers = runtime.Decode(runtime.Await(FrameType.Headers));
        Assert.Equal(("localhost", "1"), (headers[":authority"], headers["x-a"]));
        Assert.Empty(headers.Keys.Intersect(["host", "expect", "content-length"]));
    }

    private static void Call(FrameRoute route, string path, params (string Name, string Value)[] more)
    {
        route.Client.Headers(1, endStream: false, [(":method", "POST"), (":scheme", "http"), (":path", path), .. more]);
        route.Client.Data(1, Framing.Frame([]), endStream: true);
    }

    private static async Task<FramePeer> AcceptAsync(FrameRoute route)
    {
        var runtime = await route.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(15));
        runtime.ReadExactly(Preface.Bytes.Length);
        runtime.Settings();
        return runtime;
    }
}
