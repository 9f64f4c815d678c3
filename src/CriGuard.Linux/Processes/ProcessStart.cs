using System.Buffers.Text;

namespace CriGuard.Linux.Processes;

/// <summary>When a process was started: `/proc/PID/stat`, field 22 (proc_pid_stat(5)).</summary>
public static class ProcessStart
{
    /// <summary>Fields between the name and the start time.</summary>
    private const int Between = 19;

    //   674 (a name (odd)) S 607 674 … 0 89217 …
    //   (1) may hold spaces and brackets, up to the last `)`    (22) clock ticks since the boot

    /// <summary>Reads the text of the file; false where it has no such field.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out ulong ticks)
    {
        ticks = 0;
        var name = text.LastIndexOf((byte)')');
        if (name < 0 || name + 2 >= text.Length)
            return false;
        var rest = text[(name + 2)..];
        for (var field = 0; field < Between; field++)
        {
            var space = rest.IndexOf((byte)' ');
            if (space < 0)
                return false;
            rest = rest[(space + 1)..];
        }

        return Utf8Parser.TryParse(rest, out ticks, out var used) && (used == rest.Length || rest[used] == (byte)' ');
    }
}
