using CriGuard.Grpc.Http2;
using static CriGuard.Grpc.Http2.ErrorCode;
using static CriGuard.Grpc.Http2.FrameFlags;
using static CriGuard.Grpc.Http2.FrameType;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class FrameRulesTests
{
    [Theory]
    // DATA, RFC 9113 section 6.1
    [InlineData(Data, None, 1, 0, NoError)]
    [InlineData(Data, None, 1, 16_384, NoError)]
    [InlineData(Data, None, 0, 5, ProtocolError)]
    [InlineData(Data, Padded, 1, 0, FrameSizeError)]
    [InlineData(Data, Padded, 1, 1, NoError)]
    // HEADERS, section 6.2
    [InlineData(Headers, None, 1, 0, NoError)]
    [InlineData(Headers, None, 0, 9, ProtocolError)]
    [InlineData(Headers, Padded, 1, 0, FrameSizeError)]
    [InlineData(Headers, FrameFlags.Priority, 1, 4, FrameSizeError)]
    [InlineData(Headers, FrameFlags.Priority, 1, 5, NoError)]
    [InlineData(Headers, FrameFlags.Priority | Padded, 1, 5, FrameSizeError)]
    [InlineData(Headers, FrameFlags.Priority | Padded, 1, 6, NoError)]
    // PRIORITY, section 6.3
    [InlineData(FrameType.Priority, None, 3, 5, NoError)]
    [InlineData(FrameType.Priority, None, 0, 5, ProtocolError)]
    [InlineData(FrameType.Priority, None, 3, 4, FrameSizeError)]
    [InlineData(FrameType.Priority, None, 3, 6, FrameSizeError)]
    // RST_STREAM, section 6.4
    [InlineData(RstStream, None, 1, 4, NoError)]
    [InlineData(RstStream, None, 0, 4, ProtocolError)]
    [InlineData(RstStream, None, 1, 3, FrameSizeError)]
    [InlineData(RstStream, None, 1, 5, FrameSizeError)]
    // SETTINGS, section 6.5
    [InlineData(FrameType.Settings, None, 0, 0, NoError)]
    [InlineData(FrameType.Settings, None, 0, 12, NoError)]
    [InlineData(FrameType.Settings, None, 1, 6, ProtocolError)]
    [InlineData(FrameType.Settings, None, 0, 7, FrameSizeError)]
    [InlineData(FrameType.Settings, Ack, 0, 0, NoError)]
    [InlineData(FrameType.Settings, Ack, 0, 6, FrameSizeError)]
    // PUSH_PROMISE, section 8.4
    [InlineData(PushPromise, EndHeaders, 1, 4, ProtocolError)]
    // PING, section 6.7
    [InlineData(Ping, None, 0, 8, NoError)]
    [InlineData(Ping, Ack, 0, 8, NoError)]
    [InlineData(Ping, None, 1, 8, ProtocolError)]
    [InlineData(Ping, None, 0, 7, FrameSizeError)]
    [InlineData(Ping, Ack, 0, 9, FrameSizeError)]
    // GOAWAY, section 6.8
    [InlineData(GoAway, None, 0, 8, NoError)]
    [InlineData(GoAway, None, 0, 40, NoError)]
    [InlineData(GoAway, None, 1, 8, ProtocolError)]
    [InlineData(GoAway, None, 0, 7, FrameSizeError)]
    // WINDOW_UPDATE, section 6.9
    [InlineData(WindowUpdate, None, 0, 4, NoError)]
    [InlineData(WindowUpdate, None, 1, 4, NoError)]
    [InlineData(WindowUpdate, None, 1, 3, FrameSizeError)]
    [InlineData(WindowUpdate, None, 0, 5, FrameSizeError)]
    // CONTINUATION, section 6.10
    [InlineData(Continuation, EndHeaders, 1, 0, NoError)]
    [InlineData(Continuation, EndHeaders, 0, 3, ProtocolError)]
    // extensions, section 5.5
    [InlineData((FrameType)0x0a, None, 0, 3, NoError)]
    [InlineData((FrameType)0xff, None, 7, 16_384, NoError)]
    public void Every_type_has_its_sizes_and_its_streams(FrameType type, FrameFlags flags, int streamId, int length, ErrorCode expected) =>
        Assert.Equal(expected, FrameRules.Check(new FrameHeader(length, type, flags, streamId), FrameRules.DefaultMaxFrameSize));

    [Theory]
    [InlineData(Data)]
    [InlineData(Headers)]
    [InlineData(FrameType.Settings)]
    [InlineData(GoAway)]
    [InlineData((FrameType)0x20)]
    public void No_frame_is_larger_than_the_setting_allows(FrameType type)
    {
        Assert.Equal(FrameSizeError, FrameRules.Check(new FrameHeader(20_001, type, None, 1), 20_000));
        Assert.NotEqual(FrameSizeError, FrameRules.Check(new FrameHeader(18_000, type, None, type is GoAway or FrameType.Settings ? 0 : 1), 20_000));
    }

    [Theory]
    [InlineData(Data, 1, FrameSizeError, ErrorScope.Stream)]
    [InlineData(FrameType.Priority, 1, FrameSizeError, ErrorScope.Stream)]
    [InlineData(Data, 0, ProtocolError, ErrorScope.Connection)]
    [InlineData(Headers, 1, FrameSizeError, ErrorScope.Connection)]
    [InlineData(Continuation, 1, FrameSizeError, ErrorScope.Connection)]
    [InlineData(RstStream, 1, FrameSizeError, ErrorScope.Connection)]
    [InlineData(WindowUpdate, 1, FrameSizeError, ErrorScope.Connection)]
    [InlineData(FrameType.Settings, 0, FrameSizeError, ErrorScope.Connection)]
    public void Only_what_touches_one_stream_ends_one_stream(FrameType type, int streamId, ErrorCode error, ErrorScope expected) =>
        Assert.Equal(expected, FrameRules.ScopeOf(new FrameHeader(0, type, None, streamId), error));
}
