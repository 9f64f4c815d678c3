using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Linux.Processes;

/// <summary>The pages of program code that this process holds in memory.</summary>
public static partial class CodePages
{
    private const int DontNeed = 4;

    //   7f3c5a000000-7f3c5b4e5000 r-xp 00a1f000 fe:00 1053432   /usr/bin/criguard
    //   (1) start    (2) end      (3)                           (4) path of a file, or [name], or nothing
    //   Anonymous:            0 kB                              (5) below its mapping: pages that were written to

    /// <summary>
    /// Gives back the pages of code that are mapped from files: start-up touches far more than a running daemon needs. What is used again is mapped
    /// again, from the kernel's cache. Only mappings without a single page that was written to: those would be lost (madvise(2), MADV_DONTNEED).
    /// </summary>
    /// <param name="smaps">The process's own map, proc_pid_smaps(5).</param>
    /// <returns>Bytes of address space that were given back.</returns>
    public static long Release(string smaps = "/proc/self/smaps")
    {
        long bytes = 0;
        (nint Start, nint Length) code = default;
        foreach (string line in File.ReadLines(smaps))
        {
            if (line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (code.Length > 0 && IsNone(line) && Advise(code.Start, code.Length, DontNeed) == 0)
                    bytes += code.Length;
                code = default;
            }
            else if (TryParse(line, out nint start, out nint length))
            {
                code = (start, length);
            }
        }
        return bytes;
    }

    /// <summary>Reads the first line of a mapping; true for mappings of files that nobody writes to: private executable ones, and shared ones for reading.</summary>
    public static bool TryParse(ReadOnlySpan<char> line, out nint start, out nint length)
    {
        (start, length) = (0, 0);
        int dash = line.IndexOf('-');
        int space = line.IndexOf(' ');
        if (dash < 0 || space < dash || !IsCode(line[(space + 1)..]) || !line[line.LastIndexOf(' ')..].StartsWith(" /"))
            return false;
        if (!nint.TryParse(line[..dash], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint first)
            || !nint.TryParse(line[(dash + 1)..space], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out nint end) || end <= first)
            return false;
        (start, length) = (first, end - first);
        return true;
    }

    /// <summary>Machine code, and the metadata of assemblies, which the runtime maps shared and read-only.</summary>
    private static bool IsCode(ReadOnlySpan<char> permissions) => permissions.StartsWith("r-xp ") || permissions.StartsWith("r--s ");

    private static bool IsNone(string field) => field.EndsWith(" 0 kB", StringComparison.Ordinal);

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint start, nint length, int advice);
}
