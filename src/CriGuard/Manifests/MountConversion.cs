using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Mounts of a container (kubernetes, pkg/kubelet/kubelet_pods.go, makeMounts): its volumes, then those that the kubelet adds.</summary>
internal sealed class MountConversion(PodTemplate pod, PodContainer container, PodSandboxConfig sandbox, KubeletSettings settings, Assumptions assumed)
{
    private const string TokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
    private const string HostsPath = "/etc/hosts";

    private readonly string _directory = Volumes.Directory(sandbox.Metadata.Uid);

    public IReadOnlyList<(Mount Mount, MountSource Source)> Convert()
    {
        var mounts = container.Field["volumeMounts"].Items.Select(Volume).ToList();
        if (Token(mounts) is { } token)
            mounts.Add((token, MountSource.Kubelet));
        if (!HasPath(mounts, HostsPath))
            mounts.Add((new Mount { ContainerPath = HostsPath, HostPath = $"{_directory}/etc-hosts" }, MountSource.Kubelet));
        var words = ContainerConversion.TerminationPath(container);
        mounts.Add((new Mount { ContainerPath = words, HostPath = $"{_directory}/containers/{container.Name}/00000000" }, MountSource.Kubelet));
        return mounts;
    }

    private (Mount Mount, MountSource Source) Volume(Field mount, int index)
    {
        var volume = Volumes.Find(pod, mount["name"]);
        var source = new MountSource(mount, volume);
        if (volume["image"].Exists)
            return (Image(mount, volume["image"]), source);
        var place = Volumes.Place(volume, sandbox.Metadata.Uid, assumed);
        if (HasSubPath(mount))
            source = Part(source, mount, place);
        var readOnly = mount["readOnly"].Flag == true;
        return (new Mount
        {
            ContainerPath = Absolute(mount["mountPath"].Text ?? ""),
            HostPath = HasSubPath(mount) ? $"{_directory}/volume-subpaths/{place.Name}/{container.Name}/{index}" : place.HostPath,
            Readonly = readOnly || place.ReadOnly,
            RecursiveReadOnly = readOnly && IsRecursive(mount["recursiveReadOnly"]),
            Propagation = Propagation(mount["mountPropagation"]),
        }, source);
    }

    private MountSource Part(MountSource source, Field mount, VolumePlace place)
    {
        var expression = mount["subPathExpr"].Text ?? "";
        if ((mount["subPath"].Text ?? SubPath.Expand(expression, pod, container, sandbox)) is { } path)
            return source with { Subpath = $"{place.HostPath}/{path}" };
        // No part of a volume leads out of it: the kubelet takes no `..`, and follows no link.
        return source.Volume?["hostPath"].Exists == true
            ? source with { Untold = $"`subPathExpr: {expression}` has a variable that the manifest does not tell" }
            : source with { Subpath = place.HostPath };
    }

    private static Mount Image(Field mount, Field image)
    {
        var reference = image["reference"].Text ?? "";
        return new Mount
        {
            ContainerPath = Absolute(mount["mountPath"].Text ?? ""),
            Image = new ImageSpec { Image = reference, UserSpecifiedImage = reference },
            ImageSubPath = mount["subPath"].Text ?? "",
        };
    }

    // The ServiceAccount admission controller adds it to every container that has nothing mounted there; static pods do not come by it.
    private Mount? Token(List<(Mount Mount, MountSource Source)> mounts)
    {
        if (settings.ConfigSource != "api" || pod.Spec["automountServiceAccountToken"].Flag == false || container.Kind == ContainerKind.Ephemeral || HasPath(mounts, TokenPath))
            return null;
        assumed.Add("the service account's token is mounted where a pod does not set `automountServiceAccountToken: false`");
        return new Mount
        {
            ContainerPath = TokenPath,
            HostPath = $"{_directory}/volumes/kubernetes.io~projected/kube-api-access-xxxxx",
            Readonly = true,
        };
    }

    private static bool HasSubPath(Field mount) => mount["subPath"].Text is { Length: > 0 } || mount["subPathExpr"].Text is { Length: > 0 };

    private bool IsRecursive(Field recursive)
    {
        switch (recursive.Text)
        {
            case "Enabled":
                return true;
            case "IfPossible":
                assumed.Add("the node cannot mount read-only recursively, so `recursiveReadOnly: IfPossible` is not: kernel and runtime decide");
                return false;
            case not (null or "Disabled"):
                recursive.Fail($"`{recursive.Path}` is `{recursive.Text}`: write one of `Disabled`, `IfPossible`, `Enabled`");
                return false;
            default:
                return false;
        }
    }

    private static MountPropagation Propagation(Field mode)
    {
        switch (mode.Text)
        {
            case null or "None":
                return MountPropagation.PropagationPrivate;
            case "HostToContainer":
                return MountPropagation.PropagationHostToContainer;
            case "Bidirectional":
                return MountPropagation.PropagationBidirectional;
            default:
                mode.Fail($"`{mode.Path}` is `{mode.Text}`: write one of `None`, `HostToContainer`, `Bidirectional`");
                return MountPropagation.PropagationPrivate;
        }
    }

    private static bool HasPath(List<(Mount Mount, MountSource Source)> mounts, string path) => mounts.Exists(mount => mount.Mount.ContainerPath == path);

    private static string Absolute(string path) => path.StartsWith('/') ? path : $"/{path}";
}
