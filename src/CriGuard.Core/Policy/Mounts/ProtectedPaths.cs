using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>A path with which the node can be taken over, so that it is only mounted where someone allows exactly that.</summary>
/// <param name="Path">With all below it, and all that holds it.</param>
/// <param name="What">For messages.</param>
/// <param name="Written">True where only writing is harmful.</param>
public sealed record ProtectedPath(string Path, string What, bool Written = false);

/// <summary>The built-in list; a node adds the paths that its own configuration names.</summary>
public static class ProtectedPaths
{
    private const string Runtime = "the container runtime's";
    private const string Kubernetes = "Kubernetes'";
    private const string Kernel = "the kernel's";
    private const string Modules = "for the kernel's modules";
    private const string Systemd = "systemd's";
    private const string Accounts = "for root's access to the node";

    /// <summary>Where kubelets keep their pods: the default, and those of distributions that moved it.</summary>
    public static ImmutableArray<string> KubeletRoots { get; } =
        ["/var/lib/kubelet", "/var/lib/k0s/kubelet", "/var/snap/microk8s/common/var/lib/kubelet"];

    public static ImmutableArray<ProtectedPath> BuiltIn { get; } =
    [
        .. Of(
            Runtime, "/run/containerd", "/var/lib/containerd", "/etc/containerd", "/run/crio", "/var/lib/crio", "/etc/crio", "/run/containers",
            "/var/lib/containers", "/etc/containers", "/run/docker.sock", "/run/docker", "/var/lib/docker", "/etc/docker", "/run/cri-dockerd.sock",
            "/run/podman", "/run/k3s", "/run/k0s", "/var/lib/rancher", "/run/runc", "/run/crun", "/run/nri", "/etc/nri", "/opt/nri", "/run/cdi",
            "/etc/cdi", "/etc/cni", "/opt/cni"),
        .. Of(Kubernetes, [.. KubeletRoots, "/etc/kubernetes", "/usr/libexec/kubernetes", "/var/lib/etcd"]),
        .. Of("criguard's", "/run/criguard", "/var/lib/criguard", "/etc/criguard"),
        .. Of(Kernel, "/proc", "/sys", "/dev", "/boot"),
        .. Of(Modules, "/lib/modules", "/usr/lib/modules", "/etc/modprobe.d", "/etc/modules-load.d"),
        .. Of(Systemd, "/run/systemd", "/run/dbus", "/etc/systemd", "/lib/systemd", "/usr/lib/systemd"),
        .. Of(Accounts, "/root", "/etc/shadow", "/etc/ssh", "/etc/sudoers.d", "/etc/cron.d", "/var/spool/cron", "/etc/ld.so.preload"),

        // The kubelet follows, as root, what it finds there under the name of a log (T-M14).
        new ProtectedPath("/var/log", "logs that the kubelet reads as root", Written: true),
    ];

    /// <summary>Paths of which a decision needs all names (<see cref="NodeFacts.PathNames"/>).</summary>
    public static IEnumerable<string> Known(NodeFacts node) => BuiltIn.Select(static p => p.Path).Concat(node.OwnPaths).Distinct(StringComparer.Ordinal);

    /// <summary>The first that the path is, lies below or holds; null where there is none.</summary>
    internal static ProtectedPath? Find(NodeFacts node, string path, bool readOnly)
    {
        foreach (var place in BuiltIn.Concat(node.OwnPaths.Select(static own => new ProtectedPath(own, "criguard's"))))
        {
            if (!(place.Written && readOnly) && node.NamesOf(place.Path).Any(name => NodePath.Overlap(path, name)))
                return place;
        }

        return null;
    }

    private static IEnumerable<ProtectedPath> Of(string what, params IEnumerable<string> paths) => paths.Select(path => new ProtectedPath(path, what));
}
