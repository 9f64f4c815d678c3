using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CriGuard.Linux;

/// <summary>Which file a path is, links followed: two paths are of one file, or of one namespace, where device and inode are the same (namespaces(7)).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    private const int AtFdCwd = -100;

    /// <summary>No automount begun, no server asked for what is cached.</summary>
    private const int Flags = 0x800 | 0x4000;
    private const uint StatxInode = 0x100;

    /// <summary>`struct statx` (statx(2)): `stx_ino` is the 64 bits at 32, the device that has it at 136 and 140.</summary>
    private const int StatxSize = 256;
    private const int InodeOffset = 32;
    private const int MajorOffset = 136;
    private const int MinorOffset = 140;

    /// <summary>Null where it is not there, or is not ours to look at.</summary>
    public static FileIdentity? Of(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return Statx(AtFdCwd, path, Flags, StatxInode, ref MemoryMarshal.GetReference(buffer)) != 0
            ? null
            : new FileIdentity(
                BinaryPrimitives.ReadUInt32LittleEndian(buffer[MajorOffset..]), BinaryPrimitives.ReadUInt32LittleEndian(buffer[MinorOffset..]),
                BinaryPrimitives.ReadUInt64LittleEndian(buffer[InodeOffset..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
