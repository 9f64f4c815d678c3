namespace CriGuard.Manifests;

/// <summary>Where the kubelet has a volume on the node (kubernetes, pkg/volume/*: GetPath of each plugin).</summary>
/// <param name="HostPath">Absolute; empty for an image.</param>
/// <param name="ReadOnly">True where the volume itself is: the kubelet mounts those of the API's objects so.</param>
/// <param name="Name">By which the kubelet knows it: of a claim that of the PersistentVolume behind it.</param>
internal readonly record struct VolumePlace(string HostPath, bool ReadOnly, string Name)
{
    public static VolumePlace None => new("", false, "");
}

/// <summary>Volumes of a pod.</summary>
internal static class Volumes
{
    // Read-only ones hold what the API server says, and nobody else may write there.
    private static readonly Dictionary<string, (string Plugin, bool ReadOnly)> Plugins = new(StringComparer.Ordinal)
    {
        ["emptyDir"] = ("empty-dir", false),
        ["configMap"] = ("configmap", true),
        ["secret"] = ("secret", true),
        ["downwardAPI"] = ("downward-api", true),
        ["projected"] = ("projected", true),
        ["nfs"] = ("nfs", false),
        ["iscsi"] = ("iscsi", false),
        ["fc"] = ("fc", false),
        ["gitRepo"] = ("git-repo", false),
        ["cephfs"] = ("cephfs", false),
        ["rbd"] = ("rbd", false),
        ["glusterfs"] = ("glusterfs", false),
    };

    /// <summary>Those that became CSI volumes, whose path is under the name of a PersistentVolume.</summary>
    private static readonly string[] ByCsi =
        ["persistentVolumeClaim", "ephemeral", "awsElasticBlockStore", "azureDisk", "azureFile", "cinder", "gcePersistentDisk", "portworxVolume", "vsphereVolume"];

    public static string Directory(string uid) => $"/var/lib/kubelet/pods/{uid}";

    /// <summary>Those that no container mounts can be wrong too.</summary>
    public static void Check(PodTemplate pod)
    {
        foreach (var volume in pod.Spec["volumes"].Items)
            Place(volume, uid: "", new Assumptions());
    }

    /// <summary>The volume that a mount names; one that is not there is an error at the mount.</summary>
    public static Field Find(PodTemplate pod, Field name)
    {
        foreach (var volume in pod.Spec["volumes"].Items)
        {
            if (volume["name"].Text == name.Text)
                return volume;
        }

        name.Fail($"`{name.Path}` is `{name.Text}`, which no volume of the pod is named: add it to `{pod.Spec["volumes"].Path}`");
        return pod.Spec["volumes"];
    }

    public static VolumePlace Place(Field volume, string uid, Assumptions assumed)
    {
        var name = volume["name"].Text ?? "";
        var root = $"{Directory(uid)}/volumes";
        foreach (var (type, source) in volume.Entries.Where(static entry => entry.Key != "name"))
        {
            if (type == "hostPath")
                return new VolumePlace(source["path"].Text ?? "", false, name);
            if (type == "image")
                return VolumePlace.None;
            if (Plugins.TryGetValue(type, out var plugin))
                return new VolumePlace($"{root}/kubernetes.io~{plugin.Plugin}/{name}", plugin.ReadOnly || source["readOnly"].Flag == true, name);
            if (type == "csi")
                return new VolumePlace($"{root}/kubernetes.io~csi/{name}/mount", source["readOnly"].Flag == true, name);
            if (type == "flexVolume")
                return new VolumePlace($"{root}/{source["driver"].Text?.Replace('/', '~')}/{name}", source["readOnly"].Flag == true, name);
            if (ByCsi.Contains(type, StringComparer.Ordinal))
            {
                var claimed = Claimed(name, assumed);
                return new VolumePlace($"{root}/kubernetes.io~csi/{claimed}/mount", source["readOnly"].Flag == true, claimed);
            }

            assumed.Add($"volume `{name}` is of a kind that is not known here, `{type}`: its path on the node is a guess");
            return new VolumePlace($"{root}/kubernetes.io~{type.ToLowerInvariant()}/{name}", false, name);
        }

        // What the API server makes of a volume without a source.
        return new VolumePlace($"{root}/kubernetes.io~empty-dir/{name}", false, name);
    }

    /// <summary>Name of the PersistentVolume behind a volume of the pod.</summary>
    public static string Claimed(string volume, Assumptions assumed)
    {
        assumed.Add($"volume `{volume}` is bound to a PersistentVolume of a CSI driver: one of a path of the node would be that path");
        return $"pv-of-{volume}";
    }
}
