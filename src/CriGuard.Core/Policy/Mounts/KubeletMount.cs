using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>
/// What a kubelet mounts from its directory of a pod (kubernetes, pkg/kubelet/kubelet_pods.go, kuberuntime/kuberuntime_container.go). All
/// else there is the kubelet's own: it follows what it finds, as root, so nobody else may write there.
/// </summary>
internal static class KubeletMount
{
    private const string Hosts = "etc-hosts";

    /// <summary>Digits of the number that a kubelet gives each termination message.</summary>
    private const int MessageDigits = 8;

    /// <summary>A kubelet writes these alone, by links to what the API server says, and mounts them read-only.</summary>
    private static readonly string[] FromTheApi =
        ["kubernetes.io~configmap", "kubernetes.io~secret", "kubernetes.io~downward-api", "kubernetes.io~projected"];

    /// <summary>Whether a path below the pod's directory is a volume, the hosts file or the termination message, mounted as a kubelet does it.</summary>
    public static bool IsSent(string below, string container, MountFacts mount) =>
        Volume(below, mount) is not null
        || (below == Hosts && NodePath.Clean(mount.ContainerPath) == "/etc/hosts")
        || (below.Split('/') is ["containers", var name, { Length: MessageDigits } number] && name == container && number.All(char.IsAsciiHexDigitLower));

    /// <summary>Name of the volume that a path is, or lies in: `volumes/PLUGIN~X/NAME`, of a CSI driver the `mount` below; null where it is none.</summary>
    public static string? Volume(string below, MountFacts mount) => below.Split('/') switch
    {
        ["volumes", "kubernetes.io~csi", var name, "mount", ..] => name,
        ["volumes", "kubernetes.io~csi", ..] => null,
        ["volumes", var plugin, var name, ..] when plugin.Contains('~', StringComparison.Ordinal) && (mount.ReadOnly || !FromTheApi.Contains(plugin, StringComparer.Ordinal)) => name,
        _ => null,
    };

    /// <summary>Name of the volume that a `subPath` is of: `volume-subpaths/NAME/CONTAINER/NUMBER`; null where it is none.</summary>
    public static string? Subpath(string below, string container) =>
        below.Split('/') is ["volume-subpaths", var volume, var name, var number] && name == container && number.All(char.IsAsciiDigit) ? volume : null;
}
