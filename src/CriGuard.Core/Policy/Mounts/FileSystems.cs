using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>Mounts of a spec that are no binds: what runtimes mount in every container, and what shows files of the node by another way.</summary>
internal static class FileSystems
{
    private const string Empty = "tmpfs";
    private const string LowerDirectories = "lowerdir=";

    /// <summary>Characters of a layer's id.</summary>
    private const int LayerId = 64;

    /// <summary>Where containerd and CRI-O mount the kernel's own file systems.</summary>
    private static readonly (string Type, string Path)[] Ordinary =
    [
        ("proc", "/proc"), ("sysfs", "/sys"), ("cgroup", "/sys/fs/cgroup"), ("cgroup2", "/sys/fs/cgroup"), ("devpts", "/dev/pts"), ("mqueue", "/dev/mqueue"),
        (Empty, "/dev"), (Empty, "/dev/shm"),
    ];

    public static bool IsOrdinary(KernelMount mount) => Ordinary.Contains((mount.Type, NodePath.Clean(mount.ContainerPath)));

    /// <summary>A device's file system, an overlay of directories, a second proc: what no request can ask for. An empty one shows nothing, wherever it is.</summary>
    public static bool ShowsNode(KernelMount mount) => mount.Type != Empty && !IsOrdinary(mount) && !IsImage(mount);

    /// <summary>
    /// An image as a volume, as CRI-O mounts it (server/container_create_linux.go, mountImage): an overlay of the image and an empty
    /// directory, without any that could be written. Of what layer, no path tells.
    /// </summary>
    private static bool IsImage(KernelMount mount) =>
        mount.Type == "overlay" && mount.Options is [var option] && option.StartsWith(LowerDirectories, StringComparison.Ordinal)
        && option[LowerDirectories.Length..].Split(':') is [var image, var empty] && IsPlain(image) && IsPlain(empty)
        && IsLayer(image.Split('/')) && empty.EndsWith("/crio/image-volumes", StringComparison.Ordinal);

    /// <summary>Whole, or the part of it that a `subPath` names, bound into the container's own directory.</summary>
    private static bool IsLayer(string[] parts) =>
        (parts is [.., "storage", "overlay", { Length: LayerId } layer, "merged"] && layer.All(char.IsAsciiHexDigitLower))
        || (parts is [.., "overlay-containers", _, "userdata", var part] && part.StartsWith("subpath", StringComparison.Ordinal));

    private static bool IsPlain(string path) => path == NodePath.Clean(path);
}
