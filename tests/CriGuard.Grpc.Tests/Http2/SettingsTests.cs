using CriGuard.Grpc.Http2;

namespace CriGuard.Grpc.Tests.Http2;

public sealed class SettingsTests
{
    [Fact]
    public void Entries_come_in_their_order_and_unknown_ones_too()
    {
        var read = new List<Setting>();
        foreach (var setting in Settings.Enumerate(Wire.Octets("0004 0000ffff  0bad ffffffff  0004 00000001")))
            read.Add(setting);

        Assert.Equal([new(SettingId.InitialWindowSize, 65_535), new((SettingId)0x0bad, uint.MaxValue), new(SettingId.InitialWindowSize, 1)], read);
    }

    [Fact]
    public void A_torn_entry_is_left_out()
    {
        var count = 0;
        foreach (var setting in Settings.Enumerate(Wire.Octets("0004 0000ffff 0004 00")))
            count++;
        Assert.Equal(1, count);
    }

    [Theory]
    [InlineData(SettingId.HeaderTableSize, uint.MaxValue, ErrorCode.NoError)]
    [InlineData(SettingId.EnablePush, 0, ErrorCode.NoError)]
    [InlineData(SettingId.EnablePush, 1, ErrorCode.NoError)]
    [InlineData(SettingId.EnablePush, 2, ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxConcurrentStreams, 0, ErrorCode.NoError)]
    [InlineData(SettingId.InitialWindowSize, 0x7fffffff, ErrorCode.NoError)]
    [InlineData(SettingId.InitialWindowSize, 0x80000000, ErrorCode.FlowControlError)]
    [InlineData(SettingId.MaxFrameSize, 16_383, ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxFrameSize, 16_384, ErrorCode.NoError)]
    [InlineData(SettingId.MaxFrameSize, 16_777_215, ErrorCode.NoError)]
    [InlineData(SettingId.MaxFrameSize, 16_777_216, ErrorCode.ProtocolError)]
    [InlineData(SettingId.MaxHeaderListSize, 0, ErrorCode.NoError)]
    [InlineData(SettingId.EnableConnectProtocol, 2, ErrorCode.ProtocolError)]
    [InlineData((SettingId)0x0bad, uint.MaxValue, ErrorCode.NoError)]
    public void Values_have_bounds(SettingId id, uint value, ErrorCode expected) => Assert.Equal(expected, Settings.Check(new Setting(id, value)));
}
