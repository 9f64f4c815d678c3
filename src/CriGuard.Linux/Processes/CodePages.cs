using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Linux.Processes;

/// <summary>The pages of program code that this process holds in memory.</summary>
public static partial class CodePages
{
    private const int DontNeed = 4;

    //   7f3c5a000000-7f3c5b4e5000 r-xp 00a1f000 fe:00 1053432   /usr/bin/criguard
    //   (1) start    (2) end      (3)                           (4) path of a file, or [name], or nothing

    /// <summary>
    /// Gives back all pages of code that were mapped from files: start-up touches far more than a running daemon needs. What is used again is mapped
    /// again, from the kernel's cache. Safe because these mappings are clean: nothing writes to machine code, and what is shared and read-only goes
    /// back to its file (madvise(2), MADV_DONTNEED).
    /// </summary>
    /// <returns>Bytes of address space that were looked at.</returns>
    public static long Release(string maps = "/proc/self/maps")
    {
        long bytes = 0;
        foreach (string line in File.ReadLines(maps))
        {
            if (TryParse(line, out nint start, out nint length) && Advise(start, length, DontNeed) == 0)
                bytes += length;
        }
        return bytes;
    }

    /// <summary>Reads one line; true for mappings of files that nobody writes to: private executable ones, and shared ones for reading.</summary>
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

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint start, nint length, int advice);
}
