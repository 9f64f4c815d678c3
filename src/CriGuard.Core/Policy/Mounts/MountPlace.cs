using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Mounts;

/// <summary>What the source of a mount is to the pod: all volumes look alike on the wire, and only the path tells them apart (T-M1, P20).</summary>
internal abstract record MountPlace
{
    private const string Subpaths = "volume-subpaths/";

    private MountPlace()
    {
    }

    /// <summary>What the kubelet gives this very pod from its directory of it.</summary>
    /// <param name="Rest">Path below that directory.</param>
    public sealed record Own(string Rest) : MountPlace;

    /// <summary>In the kubelet's directory of a pod with another uid.</summary>
    public sealed record OtherPod(string Uid) : MountPlace;

    /// <summary>Any other path of the node, by all the names that count.</summary>
    public sealed record Host(ImmutableArray<string> Paths) : MountPlace;

    /// <summary>A file or directory that the runtime made for this container or sandbox, at the place that it is for.</summary>
    public sealed record OfRuntime : MountPlace;

    /// <summary>It cannot be said where it leads.</summary>
    public sealed record Unknown(string Problem) : MountPlace;

    /// <param name="mounts">Of whom it is one.</param>
    /// <param name="mount">As it was asked for, or as the runtime's spec has it.</param>
    public static MountPlace Of(MountList mounts, MountFacts mount)
    {
        if (mount.Target is not { Kind: not HostFileKind.Unknown } target)
            return new Unknown(mount.Target?.Problem ?? "nobody looked where it leads");
        if (mounts.IsOfRuntime(mount, target.Path))
            return new OfRuntime();
        if (PodOf(mounts.Node, target.Path) is not var (owner, below))
            return new Host([target.Path]);
        if (owner != mounts.PodUid)
            return new OtherPod(owner);
        if (KubeletMount.Subpath(below, mounts.Name) is { } volume)
            return OfSubpath(mounts, mount, target, volume);
        return KubeletMount.IsSent(below, mounts.Name, mount) ? new Own(below) : new Host([target.Path]);
    }

    /// <summary>
    /// The kubelet binds what a `subPath` names to a place of its own, which hides the source (T-M3). A volume of the pod keeps its name
    /// beside those of the disk that it lies on, and that name alone: a host path may lead to another volume, or to the pod's directory.
    /// </summary>
    private static MountPlace OfSubpath(MountList mounts, MountFacts mount, HostTarget target, string volume)
    {
        var sources = target.Aliases.Select(path => (Path: path, Pod: PodOf(mounts.Node, path)))
            .Where(static s => s.Pod is not { } pod || !pod.Below.StartsWith(Subpaths, StringComparison.Ordinal)).ToList();
        if (sources.FirstOrDefault(s => s.Pod is { } pod && pod.Uid == mounts.PodUid && KubeletMount.Volume(pod.Below, mount) == volume).Pod is { } own)
            return new Own(own.Below);
        if (sources.FindAll(s => s.Pod is not { } pod || pod.Uid == mounts.PodUid) is { Count: > 0 } paths)
            return new Host([.. paths.Select(static s => s.Path)]);
        return sources is [{ Pod: { } other }, ..] ? new OtherPod(other.Uid) : new Unknown("no mount of the node shows the source of that `subPath`");
    }

    /// <summary>The pod whose directory it is in.</summary>
    private static (string Uid, string Below)? PodOf(NodeFacts node, string path)
    {
        foreach (var root in ProtectedPaths.KubeletRoots.SelectMany(node.NamesOf))
        {
            var pods = $"{root}/pods/";
            if (!path.StartsWith(pods, StringComparison.Ordinal))
                continue;
            var below = path[pods.Length..];
            return below.IndexOf('/', StringComparison.Ordinal) is >= 0 and var slash ? (below[..slash], below[(slash + 1)..]) : (below, "");
        }

        return null;
    }
}
