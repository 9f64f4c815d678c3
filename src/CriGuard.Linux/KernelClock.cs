using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CriGuard.Linux;

/// <summary>What the kernel knows of its clock (adjtimex(2)).</summary>
public static partial class KernelClock
{
    /// <summary>`struct timex` has 208 bytes on 64-bit machines; `modes` of zero, at 0, changes nothing, and `status` is at 40.</summary>
    private const int StructSize = 208;
    private const int StatusOffset = 40;
    private const int Unsynchronised = 0x40;

    /// <summary>Whether a time service keeps it; null where the kernel does not tell.</summary>
    public static bool? IsSynchronised()
    {
        Span<byte> buffer = stackalloc byte[StructSize];
        buffer.Clear();
        return Adjtimex(ref MemoryMarshal.GetReference(buffer)) < 0 ? null : (BinaryPrimitives.ReadInt32LittleEndian(buffer[StatusOffset..]) & Unsynchronised) == 0;
    }

    [LibraryImport("libc", EntryPoint = "adjtimex")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Adjtimex(ref byte buffer);
}
