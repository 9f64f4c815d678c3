using System.Buffers.Text;

namespace CriGuard.Linux.Processes;

// 4242 (a (strange) name) S 1 4242 4242 0 -1 …
// 1     2                 3 4

/// <summary>`/proc/PID/stat` (proc_pid_stat(5)): what of it is needed.</summary>
public static class ProcessStat
{
    /// <summary>Field 4; the name in field 2 may hold blanks and brackets, and ends at the last one.</summary>
    public static bool TryParseParent(ReadOnlySpan<byte> text, out int parent)
    {
        parent = 0;
        var name = text.LastIndexOf((byte)')');
        if (name < 0 || name + 4 >= text.Length || text[name + 1] != ' ' || text[name + 3] != ' ')
            return false;
        var rest = text[(name + 4)..];
        return Utf8Parser.TryParse(rest, out parent, out var length) && parent >= 0 && length < rest.Length && rest[length] == ' ';
    }
}
