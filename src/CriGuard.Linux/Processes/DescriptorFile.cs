using System.Buffers.Text;

namespace CriGuard.Linux.Processes;

// pos:	0
// flags:	0100000
// mnt_id:	64

/// <summary>`/proc/PID/fdinfo/FD` (proc_pid_fdinfo(5)): what of it is needed.</summary>
public static class DescriptorFile
{
    /// <summary>Number of the mount that the file was opened by, as in `mountinfo`.</summary>
    public static bool TryParseMount(ReadOnlySpan<byte> text, out int mount)
    {
        mount = 0;
        var key = "mnt_id:"u8;
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            if (line.StartsWith(key))
                return Utf8Parser.TryParse(line[key.Length..].TrimStart("\t "u8), out mount, out _);
        }

        return false;
    }
}
