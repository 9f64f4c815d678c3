using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CriGuard.Linux;

/// <summary>
/// Reads a file that only root can have written: below a directory that is trusted, every part is opened by itself without following a link, and must
/// belong to root and be writable by nobody else. So what is read is what was checked, whatever is renamed meanwhile (openat(2), statx(2)).
/// </summary>
public static partial class RootFile
{
    private const int AtFdCwd = -100;
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Directory = 0x10000;
    private const int NoFollow = 0x20000;
    private const int TooManyLinks = 40;
    private const int NotDirectory = 20;

    /// <summary>The whole file.</summary>
    /// <param name="trusted">A directory; links that lead to it are followed, those below it never.</param>
    /// <param name="below">Path of the file from there, without `..`.</param>
    /// <param name="most">Bytes that it may have.</param>
    /// <param name="problem">Why it is not read; empty where it is.</param>
    public static byte[]? Read(string trusted, string below, int most, out string problem)
    {
        using var file = Open(trusted, below, out problem);
        if (file is null)
            return null;
        if (Problem(file, FileStat.Ordinary, out var size) is { } wrong)
        {
            problem = wrong;
            return null;
        }

        if (size > most)
        {
            problem = $"it is larger than {most} bytes";
            return null;
        }

        var content = new byte[most + 1];
        var count = 0;
        for (int read; count < content.Length && (read = RandomAccess.Read(file, content.AsSpan(count), count)) > 0;)
            count += read;
        if (count <= most)
            return content[..count];
        problem = $"it is larger than {most} bytes";
        return null;
    }

    private static SafeFileHandle? Open(string trusted, string below, out string problem)
    {
        var parts = below.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || parts.Any(static p => p is "." or ".."))
        {
            problem = "it has `.` or `..` in its path";
            return null;
        }

        var at = Openat(AtFdCwd, trusted, Directory | CloseOnExec);
        for (var i = 0; ; i++)
        {
            if (at.IsInvalid)
            {
                problem = Marshal.GetLastPInvokeError() is TooManyLinks or NotDirectory ? "a part of its path is a link, or no directory" : $"it cannot be opened: {Marshal.GetLastPInvokeErrorMessage().ToLowerInvariant()}";
                at.Dispose();
                return null;
            }

            if (i == parts.Length)
            {
                problem = "";
                return at;
            }

            if (Problem(at, FileStat.Directory, out _) is { } wrong)
            {
                problem = $"a directory of its path is not to be trusted: {wrong}";
                at.Dispose();
                return null;
            }

            var flags = i == parts.Length - 1 ? ReadOnly | NonBlocking : Directory;
            using var before = at;
            at = Openat((int)before.DangerousGetHandle(), parts[i], flags | NoFollow | CloseOnExec);
        }
    }

    /// <summary>Null where only root can write it.</summary>
    private static string? Problem(SafeFileHandle handle, int type, out long size)
    {
        size = 0;
        if (FileStat.Read(handle) is not { } stat)
            return "it cannot be looked at";
        size = stat.Size;
        if (stat.Type != type)
            return type == FileStat.Directory ? "it is no directory" : "it is no ordinary file";
        if (stat.Uid != 0)
            return $"it belongs to user {stat.Uid} and not to root";
        return (stat.Permissions & (UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != UnixFileMode.None ? "others than root may write it" : null;
    }

    [LibraryImport("libc", EntryPoint = "openat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial SafeFileHandle Openat(int directory, string path, int flags);
}
