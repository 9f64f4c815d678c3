using System.Buffers.Text;
using CriGuard.Core.Sandboxes;

namespace CriGuard.Linux.Processes;

// 00400000-7ffd1c5c1000 ---p 00000000 00:00 0                              [rollup]
// Rss:                1712 kB
// Pss:                 321 kB

/// <summary>`/proc/PID/smaps_rollup` (Documentation/ABI/testing/procfs-smaps_rollup).</summary>
public static class SmapsRollup
{
    private const int Kilobyte = 1024;

    public static bool TryParse(ReadOnlySpan<byte> text, out ProcessMemory memory)
    {
        memory = default;
        if (!TryParse(text, "\nRss:"u8, out var resident) || !TryParse(text, "\nPss:"u8, out var proportional))
            return false;
        memory = new ProcessMemory(resident * Kilobyte, proportional * Kilobyte);
        return true;
    }

    private static bool TryParse(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key, out long kilobytes)
    {
        kilobytes = 0;
        var at = text.IndexOf(key);
        if (at < 0)
            return false;
        var value = text[(at + key.Length)..].TrimStart((byte)' ');
        return Utf8Parser.TryParse(value, out kilobytes, out var length) && kilobytes is >= 0 and < long.MaxValue / Kilobyte && value[length..].StartsWith(" kB"u8);
    }
}
