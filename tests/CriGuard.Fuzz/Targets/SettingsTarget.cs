using CriGuard.Grpc.Http2;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is a SETTINGS payload, whose window sizes are applied to an open window.</summary>
internal static class SettingsTarget
{
    public static readonly Target Value = new(
        "settings",
        [
            Convert.FromHexString("00040000ffff"),
            Convert.FromHexString("00010000100000020000000000030000003e8000"),
            Convert.FromHexString("00047fffffff000400000000000500004000000600100000"),
            Convert.FromHexString("00048000000000020000000200050000000100080000000200ff00000000"),
        ],
        Run);

    private static bool Run(byte[] input)
    {
        var initial = FlowWindow.DefaultSize;
        var window = new FlowWindow(initial);
        Promise.Keep(window.TryConsume(1000), "a fresh window has room");
        var accepted = true;
        var read = new List<Setting>();
        foreach (var setting in Settings.Enumerate(input))
        {
            read.Add(setting);
            var fine = Settings.Check(setting) is ErrorCode.NoError;
            accepted &= fine;
            if (!fine || setting.Id is not SettingId.InitialWindowSize)
                continue;
            Promise.Keep(window.Shift((int)setting.Value - initial) is ErrorCode.NoError, "a window that only shrank takes any legal size");
            initial = (int)setting.Value;
            Promise.Keep(window.Available == (long)initial - 1000, "a window moves with its setting");
        }

        var frame = new byte[FrameWriter.SettingsSize(read.Count)];
        FrameWriter.WriteSettings(frame, read.ToArray());
        var whole = input.AsSpan(0, input.Length - (input.Length % Setting.Size));
        Promise.Keep(frame.AsSpan(FrameHeader.Size).SequenceEqual(whole), "every whole entry is read and written as it was");
        return accepted;
    }
}
