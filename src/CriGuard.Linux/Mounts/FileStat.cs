using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Mounts;

/// <summary>What one path is, without following it if it is a link (statx(2), readlink(2)).</summary>
internal static partial class FileStat
{
    public const int NotFound = 2;
    public const int NotDirectory = 20;

    private const int AtFdCwd = -100;

    /// <summary>No link followed, no automount begun, no server asked for what is cached.</summary>
    private const int Flags = 0x100 | 0x800 | 0x4000;
    private const uint StatxType = 0x1;

    /// <summary>`struct statx` is 256 bytes; `stx_mode` is the 16 bits at 28.</summary>
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int TypeMask = 0xF000;
    private const int Link = 0xA000;
    private const int LongestLink = 4096;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>0, or the error's number.</summary>
    public static int Read(string path, out HostFileKind kind, out bool isLink)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        (kind, isLink) = (HostFileKind.Unknown, false);
        if (Statx(AtFdCwd, path, Flags, StatxType, ref MemoryMarshal.GetReference(buffer)) != 0)
            return Marshal.GetLastPInvokeError();
        var type = BinaryPrimitives.ReadUInt16LittleEndian(buffer[ModeOffset..]) & TypeMask;
        isLink = type == Link;
        kind = type switch
        {
            0x4000 => HostFileKind.Directory,
            0x8000 => HostFileKind.File,
            0xC000 => HostFileKind.Socket,
            0x2000 or 0x6000 => HostFileKind.Device,
            _ => HostFileKind.Other,
        };
        return 0;
    }

    /// <summary>Null where it is no link any more, or its target is no text.</summary>
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

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint ReadLink(string path, ref byte buffer, nint size);
}
