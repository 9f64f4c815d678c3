using System.Runtime.InteropServices;

namespace CriGuard.Linux;

/// <summary>Which file a path is, links followed: two paths are of one file, or of one namespace, where device and inode are the same (namespaces(7)).</summary>
/// <param name="Major">Of the device that has the file.</param>
/// <param name="Minor">Of the device that has the file.</param>
/// <param name="Inode">Its number there.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    /// <summary>Null where it is not there, or is not ours to look at.</summary>
    public static FileIdentity? Of(string path) => FileStat.Read(path, follow: true, out var stat) == 0 ? stat.Identity : null;
}
