using System.Runtime.InteropServices;
using System.Text;

namespace CriGuard.Store.Events;

/// <summary>Puts the names in a directory on disk: a new file survives a power cut only after that (fsync(2)).</summary>
internal static class DirectorySync
{
    private const int CloseOnExec = 0x80000;
    private const int Directory = 0x10000;

    /// <exception cref="IOException">The directory cannot be opened or synced.</exception>
    public static void Flush(string path)
    {
        // The framework refuses to open a directory, so this takes two calls of libc; blittable arguments need no unsafe code.
        var descriptor = open([.. Encoding.UTF8.GetBytes(path), 0], Directory | CloseOnExec);
        if (descriptor < 0)
            throw new IOException($"{Marshal.GetLastPInvokeErrorMessage()} : '{path}'");
        try
        {
            if (fsync(descriptor) != 0)
                throw new IOException($"{Marshal.GetLastPInvokeErrorMessage()} : '{path}'");
        }
        finally
        {
            _ = close(descriptor);
        }
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open(byte[] path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int fsync(int descriptor);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
}
