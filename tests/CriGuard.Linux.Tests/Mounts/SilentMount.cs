using System.Globalization;
using System.Runtime.InteropServices;

namespace CriGuard.Linux.Tests.Mounts;

/// <summary>A file system whose server never answers, as a network mount behind a broken line: FUSE, and nobody reads its requests.</summary>
internal sealed class SilentMount : IDisposable
{
    private const int DetachNow = 2;

    private readonly TemporaryDirectory _directory = new();
    private readonly FileStream _server = new("/dev/fuse", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);

    /// <param name="type">A type that says what it is; `fuseblk` would need a disk.</param>
    public SilentMount(string type = "fuse")
    {
        var options = string.Create(CultureInfo.InvariantCulture, $"fd={_server.SafeFileHandle.DangerousGetHandle()},rootmode=40000,user_id=0,group_id=0");
        Assert.Equal(0, Mount("silent", Point, type, 0, options));
    }

    public string Point => _directory.Path;

    /// <summary>Whoever still waits is told that the server is gone.</summary>
    public void Dispose()
    {
        _server.Dispose();
        _ = Unmount(Point, DetachNow);
        _directory.Dispose();
    }

    [DllImport("libc", EntryPoint = "mount", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Mount(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string source, [MarshalAs(UnmanagedType.LPUTF8Str)] string target,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string type, nuint flags, [MarshalAs(UnmanagedType.LPUTF8Str)] string options);

    [DllImport("libc", EntryPoint = "umount2", SetLastError = true, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Unmount([MarshalAs(UnmanagedType.LPUTF8Str)] string target, int flags);
}
