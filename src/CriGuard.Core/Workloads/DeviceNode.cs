using System.Globalization;

namespace CriGuard.Core.Workloads;

/// <summary>What a path of the node is, symbolic links followed.</summary>
public enum DeviceKind
{
    Missing,
    Character,
    Block,

    /// <summary>Stands for every device below it.</summary>
    Directory,
    Other,
}

/// <summary>What the node has where a request names a device.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Major">Of a device.</param>
/// <param name="Minor">Of a device.</param>
/// <param name="Name">The kernel's own name for that number, such as `/dev/fuse`, wherever the node lies and whatever it is called; empty where it has none.</param>
public sealed record DeviceNode(DeviceKind Kind, int Major = 0, int Minor = 0, string Name = "")
{
    public bool IsDevice => Kind is DeviceKind.Character or DeviceKind.Block;

    /// <summary>As the kernel writes it: `c 10:229`.</summary>
    public string Number => NumberOf(Kind, Major, Minor);

    public static string NumberOf(DeviceKind kind, int major, int minor) => $"{(kind == DeviceKind.Block ? 'b' : 'c')} {major}:{minor}";
}

/// <summary>A device that a container asks for (`Device`).</summary>
/// <param name="HostPath">As it was sent.</param>
/// <param name="ContainerPath">As it was sent.</param>
/// <param name="Permissions">Some of `r`, `w` and `m`, as they were sent.</param>
public sealed record DeviceRequest(string HostPath, string ContainerPath, string Permissions);

/// <summary>A device that the effective spec makes inside the container.</summary>
public sealed record SpecDevice(string Path, DeviceKind Kind, int Major, int Minor)
{
    public string Number => DeviceNode.NumberOf(Kind, Major, Minor);
}

/// <summary>What the device cgroup of the effective spec lets a container do.</summary>
/// <param name="Kind">Character or block.</param>
/// <param name="Major">Of the device.</param>
/// <param name="Minor">Null for all devices of the major.</param>
/// <param name="Use">`r`, `w` or both: to make nodes (`m`) of what may be opened gives nothing more.</param>
public sealed record DeviceAccess(DeviceKind Kind, int Major, int? Minor, string Use)
{
    /// <summary>`c 10:229`, or `c 136:*`.</summary>
    public string Number => Minor is { } minor ? DeviceNode.NumberOf(Kind, Major, minor) : string.Create(CultureInfo.InvariantCulture, $"{(Kind == DeviceKind.Block ? 'b' : 'c')} {Major}:*");
}
