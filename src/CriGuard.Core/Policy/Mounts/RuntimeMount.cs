using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>
/// What runtimes bind of their own files: of containerd below `io.containerd.grpc.v1.cri` of its root and state (internal/cri/server/helpers.go),
/// of CRI-O in the directory that containers/storage keeps for a container while it runs (server/container_create.go). Each by the id of
/// this container or sandbox, and only at the place that it is for: ids are no secret, and a link may lead here as anywhere. Where a
/// runtime has its root no status tells, so what stands before those names is not compared.
/// </summary>
internal static class RuntimeMount
{
    private const string Plugin = "io.containerd.grpc.v1.cri";
    private const string Storage = "overlay-containers";

    /// <param name="path">Real.</param>
    /// <param name="at">In the container.</param>
    /// <param name="containerId">Whole.</param>
    /// <param name="sandboxId">Whole.</param>
    public static bool IsOne(string path, string at, string containerId, string sandboxId)
    {
        var parts = path.Split('/');
        var plugin = Array.LastIndexOf(parts, Plugin);
        var storage = Array.LastIndexOf(parts, Storage);
        return (plugin > 0 && IsOfContainerd(parts[(plugin + 1)..], NodePath.Clean(at), containerId, sandboxId))
            || (storage > 0 && IsOfCrio(parts[(storage + 1)..], NodePath.Clean(at), containerId, sandboxId));
    }

    private static bool IsOfContainerd(string[] parts, string at, string containerId, string sandboxId) => parts switch
    {
        ["sandboxes", var id, var file] => id == sandboxId && IsFile(file, at),
        // The image's own volumes, and images as volumes with the part of one that is asked for.
        ["containers", var id, "volumes", _] => id == containerId,
        ["image-volumes", var id, _, ..] => id == sandboxId,
        _ => false,
    };

    private static bool IsOfCrio(string[] parts, string at, string containerId, string sandboxId) => parts switch
    {
        [var id, "userdata", var file] when id == sandboxId => IsFile(file, at) || (file, at) == (".containerenv", "/run/.containerenv"),
        [var id, "userdata", var file] when id == containerId => (file, at) is ("passwd", "/etc/passwd") or ("group", "/etc/group") or ("localtime", "/etc/localtime")
            or ("sysctl-fips", "/proc/sys/crypto/fips_enabled") or ("fips-config", "/etc/crypto-policies/config"),
        // The image's own volumes, and what mounts.conf has copied, by its place in the container.
        [var id, "userdata", "mounts", _] => id == containerId,
        [var id, "userdata", _, _, ..] => id == containerId && at == "/" + string.Join('/', parts[2..]),
        _ => false,
    };

    private static bool IsFile(string name, string at) =>
        (name, at) is ("hostname", "/etc/hostname") or ("hosts", "/etc/hosts") or ("resolv.conf", "/etc/resolv.conf") or ("shm", "/dev/shm");
}
