using Microsoft.Win32.SafeHandles;

namespace CriGuard.Store.Events;

/// <summary>Files and directories that only their owner may read: events name workloads and commands.</summary>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Opens for reading and writing, creating with mode 0600; unbuffered, close-on-exec.</summary>
    public static FileStream Open(string path, FileMode mode, FileShare share = FileShare.ReadWrite) => new(path, new FileStreamOptions
    {
        Mode = mode,
        Access = FileAccess.ReadWrite,
        Share = share,
        BufferSize = 0,
        UnixCreateMode = mode == FileMode.Open ? null : OwnerOnly,
    });

    /// <summary>Creates a file that was not there with these bytes, synced; the name is not, see <see cref="DirectorySync"/>.</summary>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        using var file = Open(path, FileMode.CreateNew);
        file.Write(bytes);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts a file with these bytes under the path, whatever lies there: whole or not at all, and on disk when this returns.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        var directory = Path.GetDirectoryName(path)!;
        var fresh = Path.Combine(directory, $".{Path.GetFileName(path)}.{Guid.NewGuid():n}");
        try
        {
            Write(fresh, bytes);
            File.Move(fresh, path, overwrite: true);
        }
        finally
        {
            File.Delete(fresh);
        }

        DirectorySync.Flush(directory);
    }

    /// <summary>Creates the directory with mode 0700, and so those above it that are not there; one that is there keeps its mode.</summary>
    public static void CreateDirectory(string path)
    {
        if (Path.GetDirectoryName(path) is { Length: > 0 } parent && !Directory.Exists(parent))
            CreateDirectory(parent);
        Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }

    /// <summary>Opens for reading while another process may write, cut and remove.</summary>
    public static SafeFileHandle OpenShared(string path) => File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
}
