using System.Net.Sockets;
using System.Text;
using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Relay;

/// <summary>Peers that break the protocol: each gets the error that RFC 9113 asks for, and loses its connection only.</summary>
public sealed class HostileInputTests
{
    [Fact]
    public void No_http2_at_all_is_a_protocol_error()
    {
        using var route = new FrameRoute();
        route.Client.SendRaw("GET / HTTP/1.1\r\n\r\n"u8);
        Assert.Equal(ErrorCode.ProtocolError, GoAwayOf(route));
    }

    [Fact]
    public void A_client_that_says_nothing_is_let_go_with_its_connection_to_the_runtime()
    {
        using var route = new FrameRoute(configure: options => options with { PrefaceTimeout = TimeSpan.FromMilliseconds(50) });
        Assert.Empty(route.Client.ReadToEnd());
        Assert.Empty(route.Runtime.ReadToEnd());
    }

    [Fact]
    public void A_first_frame_other_than_settings_is_a_protocol_error()
    {
        using var route = new FrameRoute();
        route.Client.SendRaw(Preface.Bytes);
        route.Client.Ping(1);
        Assert.Equal(ErrorCode.ProtocolError, GoAwayOf(route));
    }

    [Fact]
    public void A_frame_that_stops_halfway_ends_both_connections()
    {
        using var route = FrameRoute.Open();
        route.Client.SendRaw([0, 0, 8, 6, 0]);
        route.Client.Dispose();
        Assert.Empty(route.Runtime.ReadToEnd());
    }

    public static TheoryData<string, ErrorCode, byte[]> Frames() => new()
    {
        { "larger than allowed, before its payload", ErrorCode.FrameSizeError, [0, 0x40, 1, 0, 0, 0, 0, 0, 1] },
        { "PING of seven octets", ErrorCode.FrameSizeError, [0, 0, 7, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7] },
        { "PUSH_PROMISE", ErrorCode.ProtocolError, [0, 0, 4, 5, 4, 0, 0, 0, 1, 0, 0, 0, 2] },
        { "DATA on an idle stream", ErrorCode.ProtocolError, [0, 0, 0, 0, 0, 0, 0, 0, 99] },
        { "RST_STREAM on an idle stream", ErrorCode.ProtocolError, [0, 0, 4, 3, 0, 0, 0, 0, 99, 0, 0, 0, 8] },
        { "WINDOW_UPDATE on an idle stream", ErrorCode.ProtocolError, [0, 0, 4, 8, 0, 0, 0, 0, 99, 0, 0, 0, 8] },
        { "HEADERS on an even stream", ErrorCode.ProtocolError, [0, 0, 1, 1, 4, 0, 0, 0, 98, 0x83] },
        { "CONTINUATION without HEADERS", ErrorCode.ProtocolError, [0, 0, 0, 9, 4, 0, 0, 0, 1] },
        { "HEADERS cut by PING", ErrorCode.ProtocolError, [0, 0, 1, 1, 0, 0, 0, 0, 99, 0x83, 0, 0, 8, 6, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8] },
        { "index beyond the tables", ErrorCode.CompressionError, [0, 0, 1, 1, 5, 0, 0, 0, 99, 0xfe] },
        { "table size above ours", ErrorCode.CompressionError, [0, 0, 4, 1, 5, 0, 0, 0, 99, 0x3f, 0xe2, 0x1f, 0x83] },
        { "no pseudo-headers", ErrorCode.ProtocolError, [0, 0, 0, 1, 5, 0, 0, 0, 99] },
        { "no credit in WINDOW_UPDATE", ErrorCode.ProtocolError, [0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
        { "connection window past 2^31 - 1", ErrorCode.FlowControlError, [0, 0, 4, 8, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff] },
        { "initial window past 2^31 - 1", ErrorCode.FlowControlError, [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0x80, 0, 0, 0] },
        { "frame size below the least", ErrorCode.ProtocolError, [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1] },
    };

    [Theory]
    [MemberData(nameof(Frames))]
    public void A_forbidden_frame_gets_the_error_of_its_rule(string what, ErrorCode code, byte[] octets)
    {
        Assert.NotEmpty(what);
        using var route = FrameRoute.Open();
        route.Client.SendRaw(octets);
        Assert.Equal(code, GoAwayOf(route));
    }

    [Fact]
    public void Duplicate_pseudo_headers_are_a_protocol_error()
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Unary", endStream: true, (":path", "/test.Echo/Lift"));
        Assert.Equal(ErrorCode.ProtocolError, GoAwayOf(route));
    }

    [Fact]
    public void A_second_path_behind_the_first_never_reaches_the_runtime()
    {
        using var route = FrameRoute.Open();
        route.Client.Headers(1, true, (":method", "POST"), (":scheme", "http"), (":path", "/a/Unary"), (":path", "/a/Lift"));
        Assert.Equal(ErrorCode.ProtocolError, GoAwayOf(route));
        Assert.Empty(route.Runtime.ReadToEnd());
    }

    [Fact]
    public void A_lower_stream_than_before_is_an_error()
    {
        using var route = FrameRoute.Open();
        route.OpenRelayed(5);
        route.Client.Call(3, "Unary");
        Assert.Equal(ErrorCode.StreamClosed, GoAwayOf(route));
    }

    [Theory]
    [InlineData("Unary")]
    [InlineData("Lift")]
    public void Data_after_the_end_of_a_request_is_stream_closed(string method)
    {
        using var route = FrameRoute.Open(_ => new TaskCompletionSource().Task);
        route.Client.Call(1, method);
        route.Client.Data(1, Framing.Frame([1]), endStream: true);
        route.Client.Data(1, [1]);
        Assert.Equal(ErrorCode.StreamClosed, GoAwayOf(route));
    }

    [Fact]
    public void T_Q6_a_flood_of_continuations_is_cut_off()
    {
        using var route = FrameRoute.Open();
        route.Client.Send(FrameType.Headers, FrameFlags.None, 1, FramePeer.Block((":method", "POST")));
        // In one write: who is cut off in the middle of several hears of a broken pipe instead. Nine octets: no length, CONTINUATION, no flag, stream 1.
        route.Client.SendRaw([.. Enumerable.Repeat<byte[]>([0, 0, 0, (byte)FrameType.Continuation, 0, 0, 0, 0, 1], 40).SelectMany(static frame => frame)]);
        Assert.Equal(ErrorCode.EnhanceYourCalm, GoAwayOf(route));
    }

    [Fact]
    public void A_small_block_that_unpacks_to_a_huge_list_refuses_its_call_only()
    {
        using var route = FrameRoute.Open();
        // One entry of 4000 octets into the table, then 100 references to it.
        var request = FramePeer.Block((":method", "POST"), (":scheme", "http"), (":path", "/a/b"));
        byte[] entry = [0x40, 1, (byte)'x', 0x7f, .. Integer(4000 - 127), .. Enumerable.Repeat((byte)'a', 4000)];
        byte[] block = [.. request, .. entry, .. Enumerable.Repeat((byte)(0x80 | 62), 100)];
        route.Client.Send(FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 1, block);
        var refusal = route.Client.Decode(route.Client.Expect(FrameType.Headers, 1));
        Assert.Equal("8", refusal["grpc-status"]);
        route.OpenRelayed(3);
    }

    [Fact]
    public void Streams_opened_and_reset_without_end_are_cut_off()
    {
        using var route = FrameRoute.Open(configure: options => options with { ResetBurst = 50, ResetsPerSecond = 0 });
        for (var i = 0; i < 51; i++)
        {
            route.Client.Call((2 * i) + 1, "Lift");
            route.Client.Reset((2 * i) + 1, ErrorCode.Cancel);
        }

        Assert.Equal(ErrorCode.EnhanceYourCalm, GoAwayOf(route));
    }

    [Fact]
    public void Settings_that_nobody_acknowledges_are_cut_off()
    {
        using var route = FrameRoute.Open(configure: options => options with { MaxUnacknowledgedSettings = 10 });
        for (var i = 0; i < 11; i++)
            route.Client.Settings();
        Assert.Equal(ErrorCode.EnhanceYourCalm, GoAwayOf(route));
    }

    [Fact]
    public void Empty_data_without_end_is_cut_off()
    {
        using var route = FrameRoute.Open(configure: options => options with { MaxEmptyFrames = 10 });
        route.Client.Call(1, "Lift");
        for (var i = 0; i < 11; i++)
            route.Client.Data(1, []);
        Assert.Equal(ErrorCode.EnhanceYourCalm, GoAwayOf(route));
    }

    [Fact]
    public void A_lifted_stream_window_past_its_bound_resets_the_stream_only()
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Lift");
        route.Client.WindowUpdate(1, int.MaxValue);
        Assert.Equal(ErrorCode.FlowControlError, FramePayload.ReadErrorCode(route.Client.Expect(FrameType.RstStream, 1).Payload));
        route.OpenRelayed(3);
    }

    [Fact]
    public void More_data_than_the_window_is_a_flow_control_error()
    {
        // The runtime gives no credit, as the test plays it.
        using var route = FrameRoute.Open();
        route.OpenRelayed(1);
        for (var i = 0; i < 4; i++)
            route.Client.Data(1, new byte[16_384]);
        Assert.Equal(ErrorCode.FlowControlError, GoAwayOf(route));
    }

    [Fact]
    public void A_client_that_asks_and_never_reads_is_cut_off()
    {
        using var route = FrameRoute.Open();
        var pings = new byte[17 * 3000];
        for (var i = 0; i < pings.Length; i += 17)
            new FrameHeader(8, FrameType.Ping, FrameFlags.None, 0).Write(pings.AsSpan(i));

        Assert.Throws<SocketException>(() =>
        {
            for (var i = 0; i < 1000; i++)
                route.Client.SendRaw(pings);
        });
        Assert.InRange(route.Client.ReadToEnd().Count(f => f.Type is FrameType.Ping), 1, 500_000);
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 1, 9 }, "12", "compress")]
    [InlineData(new byte[] { 2, 0, 0, 0, 1, 9 }, "13", "flag")]
    [InlineData(new byte[] { 0, 0, 0, 0, 2, 9 }, "13", "ends after 1 of 2")]
    [InlineData(new byte[] { 0, 0, 0, 0, 1, 9, 9 }, "13", "more than its one")]
    [InlineData(new byte[] { 0, 0, 0 }, "13", "ends after")]
    [InlineData(new byte[] { 0, 0xff, 0, 0, 0 }, "8", "no more than")]
    public void A_message_that_lies_about_itself_refuses_its_call_only(byte[] body, string status, string words)
    {
        using var route = FrameRoute.Open();
        route.Client.Call(1, "Lift");
        route.Client.Data(1, body, endStream: true);
        var refusal = route.Client.Decode(route.Client.Expect(FrameType.Headers, 1));
        Assert.Equal(status, refusal["grpc-status"]);
        Assert.Contains(words, refusal["grpc-message"], StringComparison.Ordinal);
        route.OpenRelayed(3);
    }

    [Fact]
    public void A_connection_that_is_cut_off_leaves_the_others_alone()
    {
        using var route = FrameRoute.Open();
        using var other = new FramePeer(RelayHost.Connect(route.Relay.Socket));
        other.SendRaw("SSH-2.0-OpenSSH\r\n and so on"u8);
        Assert.Contains(other.ReadToEnd(), f => f.Type is FrameType.GoAway);
        route.OpenRelayed(1);
    }

    private static IEnumerable<byte> Integer(int value)
    {
        for (; value >= 128; value >>= 7)
            yield return (byte)(0x80 | (value & 0x7f));
        yield return (byte)value;
    }

    private static ErrorCode GoAwayOf(FrameRoute route)
    {
        var last = route.Client.ReadToEnd()[^1];
        Assert.True(last.Type is FrameType.GoAway, last.ToString());
        Assert.NotEmpty(Encoding.UTF8.GetString(FramePayload.ReadGoAwayDebug(last.Payload)));
        return FramePayload.ReadGoAwayErrorCode(last.Payload);
    }
}
