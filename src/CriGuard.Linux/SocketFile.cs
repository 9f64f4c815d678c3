using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CriGuard.Linux;

/// <summary>Tells a socket in the file system from every other file, which .NET's own attributes do not.</summary>
public static partial class SocketFile
{
    private const int AtFdCwd = -100;
    private const int AtSymlinkNoFollow = 0x100;
    private const uint StatxType = 0x1;

    /// <summary>`struct statx` is 256 bytes; `stx_mode` is the 16 bits at 28 (statx(2)).</summary>
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int TypeSocket = 0xC000;

    /// <summary>True where the path itself (a symbolic link is not followed) is a socket; false also where it cannot be read.</summary>
    public static bool IsSocket(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        return Statx(AtFdCwd, path, AtSymlinkNoFollow, StatxType, ref MemoryMarshal.GetReference(buffer)) == 0
            && (BinaryPrimitives.ReadUInt16LittleEndian(buffer[ModeOffset..]) & TypeMask) == TypeSocket;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
