using System.Collections.Immutable;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>Which types of volume a mount can be of, by the plugin in the kubelet's path: `pods/UID/volumes/kubernetes.io~PLUGIN/NAME` (P20).</summary>
internal static class VolumeReading
{
    private const string Volumes = "volumes/";

    /// <summary>Claims and volumes for the pod's life alone are served by the same plugins: the path does not tell which it is.</summary>
    private static readonly ImmutableArray<string> Claims = [VolumeTypes.PersistentVolumeClaim, VolumeTypes.Ephemeral];

    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Plugins = new Dictionary<string, ImmutableArray<string>>
    {
        ["kubernetes.io~configmap"] = [VolumeTypes.ConfigMap],
        ["kubernetes.io~secret"] = [VolumeTypes.Secret],
        ["kubernetes.io~downward-api"] = [VolumeTypes.DownwardApi],
        ["kubernetes.io~projected"] = [VolumeTypes.Projected],
        ["kubernetes.io~empty-dir"] = [VolumeTypes.EmptyDir],
        ["kubernetes.io~git-repo"] = [VolumeTypes.Other],
        ["kubernetes.io~csi"] = [VolumeTypes.Csi, .. Claims],
        ["kubernetes.io~local-volume"] = Claims,
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>Empty for what is the kubelet's own: the hosts file and the termination message.</summary>
    public static ImmutableArray<string> Types(MountPlace place)
    {
        if (place is not MountPlace.Own { Rest: var rest })
            return [VolumeTypes.HostPath];
        return rest.StartsWith(Volumes, StringComparison.Ordinal)
            ? Plugins.GetValueOrDefault(rest[Volumes.Length..].Split('/')[0], [.. Claims, VolumeTypes.Other])
            : [];
    }
}
