using System.Globalization;
using System.Text;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux;

/// <summary>What paths and numbers of devices really are: the path of a node says nothing, anybody who may make one may call it anything.</summary>
/// <param name="sysfs">`/sys`.</param>
/// <param name="devices">`/dev`, for drivers that do not tell sysfs how their devices are called.</param>
public sealed class DeviceReader(string sysfs = "/sys", string devices = "/dev")
{
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
        if (FileStat.Read(path, follow: true, out var stat) != 0)
            return new DeviceNode(DeviceKind.Missing);
        return stat.Type switch
        {
            FileStat.CharacterDevice => new DeviceNode(DeviceKind.Character, (int)stat.Major, (int)stat.Minor),
            FileStat.BlockDevice => new DeviceNode(DeviceKind.Block, (int)stat.Major, (int)stat.Minor),
            FileStat.Directory => new DeviceNode(DeviceKind.Directory),
            _ => new DeviceNode(DeviceKind.Other),
        };
    }
}
