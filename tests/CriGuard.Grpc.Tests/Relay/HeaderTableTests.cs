using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

public sealed class HeaderTableTests
{
    // Literal with incremental indexing, new name (RFC 7541 section 6.2.1): x-a: 1.
    private static readonly byte[] s_indexed = [0x40, 3, (byte)'x', (byte)'-', (byte)'a', 1, (byte)'1'];

    [Fact]
    public void What_a_lifted_stream_put_into_the_table_is_known_to_a_relayed_one()
    {
        using var route = FrameRoute.Open();
        SendCall(route, 1, "Lift", s_indexed);
        route.Client.Expect(FrameType.Headers, 1);
        SendCall(route, 3, "Unary", [0x80 | 62]);

        var headers = route.Runtime.Expect(FrameType.Headers, 3);
        Assert.Equal("1", route.Runtime.Decode(headers)["x-a"]);
    }

    [Fact]
    public void What_came_with_trailers_is_known_too()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        route.Client.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, s_indexed);
        Assert.Equal("1", route.Runtime.Decode(route.Runtime.Expect(FrameType.Headers, 1))["x-a"]);
        SendCall(route, 3, "Unary", [0x80 | 62]);
        Assert.Equal("1", route.Runtime.Decode(route.Runtime.Expect(FrameType.Headers, 3))["x-a"]);
    }

    [Fact]
    public void What_came_with_trailers_of_a_stream_that_was_reset_is_known_too()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        route.Runtime.Reset(1, ErrorCode.Cancel);
        route.Client.Expect(FrameType.RstStream, 1);
        route.Client.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, s_indexed);
        SendCall(route, 3, "Unary", [0x80 | 62]);
        Assert.Equal("1", route.Runtime.Decode(route.Runtime.Expect(FrameType.Headers, 3))["x-a"]);
    }

    [Fact]
    public void The_first_block_to_the_runtime_starts_with_a_table_size_of_nought()
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Unary");
        route.Client.Call(3, "Unary");
        Assert.Equal(0x20, route.Runtime.Expect(FrameType.Headers, 1).Payload[0]);
        Assert.NotEqual(0x20, route.Runtime.Expect(FrameType.Headers, 3).Payload[0]);
    }

    [Fact]
    public void A_field_that_must_never_be_indexed_stays_so()
    {
        using var route = FrameRoute.Open();
        SendCall(route, 1, "Unary", [0x10, 3, (byte)'x', (byte)'-', (byte)'a', 1, (byte)'1']);
        var block = route.Runtime.Expect(FrameType.Headers, 1).Payload;
        Assert.Equal(0x10, block[^7]);
    }

    [Fact]
    public void A_lowered_table_size_is_confirmed_by_the_next_block_also_when_that_is_a_lifted_one()
    {
        using var route = FrameRoute.Open();
        route.Client.Settings(new Setting(SettingId.HeaderTableSize, 100));
        route.Runtime.Expect(FrameType.Settings, 0);
        route.Runtime.SettingsAck();
        route.Client.Expect(FrameType.Settings, 0);
        route.Client.Call(1, "Lift", endStream: true);

        // Size update to 100 (RFC 7541 section 6.3): 001 11111, then 100 - 31.
        Assert.Equal([0x3f, 69], route.Client.Expect(FrameType.Headers, 1).Payload[..2]);
        route.Client.Call(3, "Lift", endStream: true);
        Assert.NotEqual(0x3f, route.Client.Expect(FrameType.Headers, 3).Payload[0]);
    }

    [Fact]
    public void A_lowered_table_size_is_confirmed_also_when_the_runtime_dies_before_it_could()
    {
        using var route = FrameRoute.Open(async call => await call.RefuseAsync(new(Grpc.Calls.StatusCode.NotFound, "")));
        route.Client.Call(1, "Lift");
        route.OpenRelayed(3);
        route.Client.Settings(new Setting(SettingId.HeaderTableSize, 100));
        route.Runtime.Expect(FrameType.Settings, 0);
        route.Runtime.Dispose();
        // What the relay says for the runtime comes before the acknowledgement, under the old size.
        Assert.Equal(0x88, route.Client.Expect(FrameType.Headers, 3).Payload[0]);
        route.Client.Expect(FrameType.RstStream, 3);
        Assert.Equal(FrameFlags.Ack, route.Client.Expect(FrameType.Settings, 0).Flags);
        route.Client.Expect(FrameType.GoAway, 0);
        route.Client.Data(1, Framing.Frame([]), endStream: true);
        Assert.Equal([0x3f, 69], route.Client.Expect(FrameType.Headers, 1).Payload[..2]);
    }

    [Fact]
    public void A_lowered_table_size_is_confirmed_also_when_the_next_block_of_the_runtime_is_held()
    {
        using var route = FrameRoute.Open(async call =>
        {
            await call.StartAsync([]);
            await call.WriteAsync(new byte[65_535], call.Cancelled);
            // No trailers, which would be the next block themselves.
            await new TaskCompletionSource().Task.WaitAsync(call.Cancelled);
        });
        route.OpenRelayed(1, endStream: true);
        route.Client.Call(3, "Lift");
        route.Client.Data(3, Framing.Frame([]), endStream: true);
        while (route.Client.Await(FrameType.Data).Payload.Length == FrameRules.DefaultMaxFrameSize)
            continue;

        route.Runtime.Data(1, [1]);
        route.Client.Settings(new Setting(SettingId.HeaderTableSize, 100));
        route.Runtime.Expect(FrameType.Settings, 0);
        route.Runtime.SettingsAck();
        route.Runtime.Send(FrameType.Headers, FrameFlags.EndHeaders, 1, [0x3f, 69, 0x88]);
        route.Client.Await(FrameType.Settings);
        route.Runtime.Ping(1);
        route.Client.Await(FrameType.Ping);
        route.Client.Call(5, "Lift", endStream: true);
        Assert.Equal([0x3f, 69], route.Client.Expect(FrameType.Headers, 5).Payload[..2]);
    }

    [Fact]
    public void The_table_size_of_the_runtime_is_not_told_to_the_client()
    {
        using var route = new FrameRoute();
        route.Runtime.Settings(
            new Setting(SettingId.HeaderTableSize, 0), new Setting(SettingId.MaxFrameSize, 1 << 20), new Setting(SettingId.MaxConcurrentStreams, 9));
        var settings = route.Client.Expect(FrameType.Settings, 0).Payload;
        Assert.Equal([0, 5, 0, 0, 0x40, 0, 0, 3, 0, 0, 0, 9], settings);
    }

    private static void SendCall(FrameRoute route, int streamId, string method, byte[] last)
    {
        var block = FramePeer.Block((":method", "POST"), (":scheme", "http"), (":path", $"/test.Echo/{method}"));
        route.Client.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, streamId, [.. block, .. last]);
    }
}
