using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace CriGuard.Linux;

/// <summary>What one file is (statx(2)): no automount is begun for it, and no server asked for what is cached.</summary>
/// <param name="Type">The type bits of its mode: <see cref="Socket"/> and the others.</param>
/// <param name="Permissions">The other bits of its mode.</param>
/// <param name="Uid">User id of its owner.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Identity">Which one it is.</param>
/// <param name="Major">Of the device that it stands for; 0 where it is none.</param>
/// <param name="Minor">Of the device that it stands for; 0 where it is none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly partial record struct FileStat(int Type, UnixFileMode Permissions, uint Uid, long Size, FileIdentity Identity, uint Major, uint Minor)
{
    public const int Directory = 0x4000;
    public const int CharacterDevice = 0x2000;
    public const int BlockDevice = 0x6000;
    public const int Ordinary = 0x8000;
    public const int Link = 0xA000;
    public const int Socket = 0xC000;

    /// <summary>Error numbers of <see cref="Read(string, bool, out FileStat)"/>.</summary>
    public const int NotFound = 2;

    /// <inheritdoc cref="NotFound"/>
    public const int NotDirectory = 20;

    private const int AtFdCwd = -100;
    private const int NoFollow = 0x100;
    private const int NoAutomountNoSync = 0x800 | 0x4000;
    private const int EmptyPath = 0x1000;
    private const uint BasicStats = 0x7ff;

    /// <summary>`struct statx`: uid at 20, mode at 28, inode at 32, size at 40, device of a device at 128, device of the file system at 136.</summary>
    private const int StructSize = 256;
    private const int TypeMask = 0xF000;
    private const int LongestLink = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>0, or the error's number.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="follow">Whether a link is followed, or is itself what is meant.</param>
    /// <param name="stat">What it is.</param>
    public static int Read(string path, bool follow, out FileStat stat)
    {
        Span<byte> buffer = stackalloc byte[StructSize];
        var flags = NoAutomountNoSync | (follow ? 0 : NoFollow);
        var failed = Statx(AtFdCwd, path, flags, BasicStats, ref MemoryMarshal.GetReference(buffer)) != 0;
        stat = failed ? default : Parse(buffer);
        return failed ? Marshal.GetLastPInvokeError() : 0;
    }

    /// <summary>True where the path itself (a link is not followed) is a socket; false also where it cannot be looked at.</summary>
    public static bool IsSocket(string path) => Read(path, follow: false, out var stat) == 0 && stat.Type == Socket;

    /// <summary>Null where it cannot be looked at.</summary>
    public static FileStat? Read(SafeFileHandle file)
    {
        Span<byte> buffer = stackalloc byte[StructSize];
        return Statx(file, "", EmptyPath, BasicStats, ref MemoryMarshal.GetReference(buffer)) == 0 ? Parse(buffer) : null;
    }

    /// <summary>Where a link leads; null where it is none, or its target is no text.</summary>
    public static string? ReadLink(string path)
    {
        Span<byte> buffer = stackalloc byte[LongestLink];
        var length = (int)ReadLink(path, ref MemoryMarshal.GetReference(buffer), LongestLink);
        if (length <= 0)
            return null;
        try
        {
            return Strict.GetString(buffer[..length]);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    private static FileStat Parse(ReadOnlySpan<byte> buffer)
    {
        var mode = BinaryPrimitives.ReadUInt16LittleEndian(buffer[28..]);
        return new FileStat(
            mode & TypeMask, (UnixFileMode)(mode & ~TypeMask), BinaryPrimitives.ReadUInt32LittleEndian(buffer[20..]), BinaryPrimitives.ReadInt64LittleEndian(buffer[40..]),
            new FileIdentity(
                BinaryPrimitives.ReadUInt32LittleEndian(buffer[136..]), BinaryPrimitives.ReadUInt32LittleEndian(buffer[140..]), BinaryPrimitives.ReadUInt64LittleEndian(buffer[32..])),
            BinaryPrimitives.ReadUInt32LittleEndian(buffer[128..]), BinaryPrimitives.ReadUInt32LittleEndian(buffer[132..]));
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(SafeFileHandle handle, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadLink(string path, ref byte buffer, nint size);
}
