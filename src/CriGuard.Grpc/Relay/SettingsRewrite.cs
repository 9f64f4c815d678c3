using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Passes SETTINGS on, with those changed that are between a peer and the relay.</summary>
internal static class SettingsRewrite
{
    /// <summary>
    /// Writes the settings of <paramref name="payload"/> with frames no larger than the relay takes. The table size of the runtime is left out: the
    /// relay decodes the client's blocks, and does so with the table that every connection begins with.
    /// </summary>
    public static void Write(ReadOnlySpan<byte> payload, ByteQueue output, bool keepTableSize)
    {
        Span<Setting> kept = new Setting[payload.Length / Setting.Size];
        var count = 0;
        foreach (var setting in Settings.Enumerate(payload))
        {
            if (setting.Id is SettingId.MaxFrameSize)
                kept[count++] = setting with { Value = FrameReader.MaxFrameSize };
            else if (keepTableSize || setting.Id is not SettingId.HeaderTableSize)
                kept[count++] = setting;
        }

        output.Advance(FrameWriter.WriteSettings(output.GetSpan(FrameWriter.SettingsSize(count)), kept[..count]));
    }

    /// <exception cref="ConnectionFaultException">The value is out of the bounds of RFC 9113 section 6.5.2.</exception>
    public static void Check(Setting setting)
    {
        var error = Settings.Check(setting);
        if (error is not ErrorCode.NoError)
            throw new ConnectionFaultException(error, $"setting {setting.Id} of {setting.Value}: out of bounds");
    }
}
