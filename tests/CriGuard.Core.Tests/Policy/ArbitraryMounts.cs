using System.Collections.Immutable;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;
using FsCheck;

namespace CriGuard.Core.Tests.Policy;

/// <summary>Mounts and what rules say of them, from few paths, so that they often meet.</summary>
internal static class ArbitraryMounts
{
    private const string Pod = "/var/lib/kubelet/pods/uid-1";

    private static readonly string[] Paths =
    [
        "/", "/srv", "/srv/app", "/var/log", "/run/containerd", "/var/lib/kubelet/pods/uid-2/volumes/kubernetes.io~secret/a",
        Pod + "/volumes/kubernetes.io~empty-dir/a", Pod + "/volumes/kubernetes.io~csi/a/mount", Pod + "/volume-subpaths/a/web/0", Pod + "/etc-hosts",
    ];

    private static readonly Gen<bool> Bool = Gen.Elements(false, true);

    private static readonly Gen<HostTarget?> Targets =
        from kind in Gen.Elements(HostFileKind.Directory, HostFileKind.Directory, HostFileKind.Socket, HostFileKind.Device, HostFileKind.Unknown)
        from path in Gen.Elements(Paths)
        from aliases in Gen.SubListOf(Paths)
        from told in Gen.Elements(true, true, true, false)
        select told ? new HostTarget(kind, path) { Aliases = [.. aliases] } : null;

    private static readonly Gen<MountFacts> Mount =
        from at in Gen.Elements("/a", "/proc/x", "/dev/shm", "/")
        from path in Gen.Elements("", "/srv/link", "/a")
        from target in Targets
        from readOnly in Bool
        from recursive in Bool
        from relabel in Bool
        from propagation in Gen.Elements(MountPropagation.Private, MountPropagation.HostToContainer, MountPropagation.Bidirectional, (MountPropagation)7)
        from root in Bool
        from image in Gen.Elements(false, false, true)
        from options in Gen.SubListOf("ro", "suid", "noexec")
        select new MountFacts
        {
            ContainerPath = at,
            HostPath = path,
            Target = target,
            ReadOnly = readOnly,
            RecursiveReadOnly = recursive,
            SelinuxRelabel = relabel,
            Propagation = propagation,
            MapsHostRoot = root,
            IsImage = image,
            Options = [.. options],
        };

    public static Gen<ImmutableArray<MountFacts>> Mounts { get; } = Gen.ListOf(Mount).Select(static mounts => mounts.Take(3).ToImmutableArray());

    public static Gen<HostPathsSetting?> HostPaths { get; } =
        from demanded in Bool
        from allowed in Gen.SubListOf(Paths)
        from readOnly in Bool
        select demanded ? new HostPathsSetting([.. allowed.Select(path => new HostPathEntry(path, readOnly))]) : null;

    public static Gen<VolumesSetting?> Volumes { get; } =
        from demanded in Bool
        from types in Gen.SubListOf(VolumeTypes.Known.ToArray())
        select demanded ? new VolumesSetting([.. types]) : null;

    public static Gen<MountsSetting?> Manner { get; } =
        from demanded in Bool
        from most in Gen.Elements<MountPropagation?>(null, MountPropagation.Private, MountPropagation.HostToContainer)
        from covered in Bool
        from depth in Gen.Elements<RecursiveReadOnly?>(null, RecursiveReadOnly.Report, RecursiveReadOnly.Require)
        from relabel in Bool
        from options in Bool
        from root in Bool
        select !demanded ? null : new MountsSetting
        {
            Propagation = most,
            ProtectsContainerPaths = covered,
            RecursiveReadOnly = depth,
            RelabelsPodsOnly = relabel,
            TighteningOptionsOnly = options,
            DeniesHostRoot = root,
        };
}
