using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux;

/// <summary>What paths and numbers of devices really are: the path of a node says nothing, anybody who may make one may call it anything.</summary>
/// <param name="sysfs">`/sys`.</param>
/// <param name="devices">`/dev`, for drivers that do not tell sysfs how their devices are called.</param>
public sealed partial class DeviceReader(string sysfs = "/sys", string devices = "/dev")
{
    private const int AtFdCwd = -100;
    private const uint StatxType = 0x1;

    /// <summary>`struct statx` (statx(2)): `stx_mode` is the 16 bits at 28, the device's own number is at 128 and 132.</summary>
    private const int StatxSize = 256;
    private const int ModeOffset = 28;
    private const int MajorOffset = 128;
    private const int MinorOffset = 132;
    private const int TypeMask = 0xF000;
    private const int TypeDirectory = 0x4000;
    private const int TypeCharacter = 0x2000;
    private const int TypeBlock = 0x6000;

    /// <summary>Nodes looked at before a number counts as nameless.</summary>
    private const int MostNodes = 4096;

    private const string NameKey = "DEVNAME=";

    /// <summary>What a path is once its symbolic links are followed; a path that is not absolute is nowhere.</summary>
    public DeviceNode Read(string path)
    {
        if (!Path.IsPathRooted(path) || path.Contains('\0', StringComparison.Ordinal))
            return new DeviceNode(DeviceKind.Missing);
        var found = Stat(path);
        return found.IsDevice ? Read(found.Kind, found.Major, found.Minor) : found;
    }

    /// <summary>The device of a number with its name.</summary>
    public DeviceNode Read(DeviceKind kind, int major, int minor) => new(kind, major, minor, SysfsName(kind, major, minor) ?? NodeName(kind, major, minor) ?? "");

    /// <summary>`uevent` of a device (sysfs-rules): a line `DEVNAME=net/tun`.</summary>
    private string? SysfsName(DeviceKind kind, int major, int minor)
    {
        var directory = kind == DeviceKind.Block ? "block" : "char";
        var number = string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}");
        if (KernelFile.Read(Path.Combine(sysfs, "dev", directory, number, "uevent")) is not { } content)
            return null;
        var line = Encoding.UTF8.GetString(content).Split('\n').FirstOrDefault(static l => l.StartsWith(NameKey, StringComparison.Ordinal));
        return line is null ? null : $"/dev/{line[NameKey.Length..]}";
    }

    private string? NodeName(DeviceKind kind, int major, int minor)
    {
        var options = new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, AttributesToSkip = FileAttributes.ReparsePoint };
        try
        {
            foreach (var path in Directory.EnumerateFiles(devices, "*", options).Take(MostNodes))
            {
                if (Stat(path) is var node && node.Kind == kind && node.Major == major && node.Minor == minor)
                    return "/dev/" + Path.GetRelativePath(devices, path);
            }
        }
        catch (IOException)
        {
            // Nameless: it will be refused.
        }

        return null;
    }

    private static DeviceNode Stat(string path)
    {
        Span<byte> buffer = stackalloc byte[StatxSize];
        if (Statx(AtFdCwd, path, flags: 0, StatxType, ref MemoryMarshal.GetReference(buffer)) != 0)
            return new DeviceNode(DeviceKind.Missing);
        var kind = (BinaryPrimitives.ReadUInt16LittleEndian(buffer[ModeOffset..]) & TypeMask) switch
        {
            TypeDirectory => DeviceKind.Directory,
            TypeCharacter => DeviceKind.Character,
            TypeBlock => DeviceKind.Block,
            _ => DeviceKind.Other,
        };
        return kind is DeviceKind.Character or DeviceKind.Block
            ? new DeviceNode(kind, BinaryPrimitives.ReadInt32LittleEndian(buffer[MajorOffset..]), BinaryPrimitives.ReadInt32LittleEndian(buffer[MinorOffset..]))
            : new DeviceNode(kind);
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int directory, string path, int flags, uint mask, ref byte buffer);
}
