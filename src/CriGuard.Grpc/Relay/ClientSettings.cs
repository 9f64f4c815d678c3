using CriGuard.Grpc.Http2;
using CriGuard.Grpc.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>The client's SETTINGS: applied to lifted streams here, and passed on, so that both sides agree about relayed ones.</summary>
internal sealed class ClientSettings(Link link, LiftedReplies replies)
{
    public void Take(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            if (link.ToRuntime?.Pending is { } acknowledged)
                acknowledged.Advance(FrameWriter.WriteSettingsAck(acknowledged.GetSpan(FrameWriter.SettingsAckSize)));
            return;
        }

        (int Lowest, int Last)? tableSizes = null;
        foreach (var setting in Settings.Enumerate(payload))
        {
            SettingsRewrite.Check(setting);
            if (setting.Id is SettingId.InitialWindowSize)
                MoveWindows((int)setting.Value);
            if (setting.Id is SettingId.HeaderTableSize)
            {
                var size = (int)Math.Min(setting.Value, int.MaxValue);
                tableSizes = (Math.Min(size, tableSizes?.Lowest ?? size), size);
            }
        }

        link.TableSize.Announced(tableSizes);
        if (link.ToRuntime is { } runtime)
        {
            if (link.TableSize.Unacknowledged > link.Options.MaxUnacknowledgedSettings)
                throw new ConnectionFaultException(ErrorCode.EnhanceYourCalm, "too many SETTINGS at a time");
            SettingsRewrite.Write(payload, runtime.Pending, keepTableSize: true);
        }
        else
        {
            link.TableSize.Acknowledged();
            FrameWriter.WriteSettingsAck(link.ToClient.Answer(FrameWriter.SettingsAckSize));
        }
    }

    // RFC 9113 section 6.9.2.
    private void MoveWindows(int size)
    {
        foreach (var stream in link.Streams.Lifted)
        {
            if (stream.ReplyWindow.Shift(size - link.ClientInitialWindow) is not ErrorCode.NoError)
                throw new ConnectionFaultException(ErrorCode.FlowControlError, $"SETTINGS_INITIAL_WINDOW_SIZE: too much for stream {stream.Id}");
        }

        link.ClientInitialWindow = size;
        replies.WakeWaiting();
    }
}
