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

    /// <summary>In the kubelet's directory of this very pod.</summary>
    /// <param name="Rest">Path below that directory; empty for the directory itself.</param>
    public sealed record Own(string Rest) : MountPlace;

    /// <summary>In the kubelet's directory of a pod with another uid.</summary>
    public sealed record OtherPod(string Uid) : MountPlace;

    /// <summary>Any other path of the node, by all the names that count.</summary>
    public sealed record Host(ImmutableArray<string> Paths) : MountPlace;

    /// <summary>It cannot be said where it leads.</summary>
    public sealed record Unknown(string Problem) : MountPlace;

    public static MountPlace Of(NodeFacts node, string uid, MountFacts mount)
    {
        if (mount.Target is not { Kind: not HostFileKind.Unknown } target)
            return new Unknown(mount.Target?.Problem ?? "nobody looked where it leads");
        if (PodOf(node, target.Path) is not var (owner, rest))
            return new Host([target.Path]);
        if (owner != uid)
            return new OtherPod(owner);
        return rest.StartsWith(Subpaths, StringComparison.Ordinal) ? OfSubpath(node, uid, target) : new Own(rest);
    }

    /// <summary>
    /// The kubelet binds what a `subPath` names to a place of its own, which hides the source (T-M3). A volume of the pod keeps its name
    /// beside those of the disk that it lies on.
    /// </summary>
    private static MountPlace OfSubpath(NodeFacts node, string uid, HostTarget target)
    {
        var sources = target.Aliases.Select(path => (Path: path, Pod: PodOf(node, path)))
            .Where(static s => s.Pod is not { } pod || !pod.Below.StartsWith(Subpaths, StringComparison.Ordinal)).ToList();
        if (sources.FirstOrDefault(s => s.Pod?.Uid == uid).Pod is { } own)
            return new Own(own.Below);
        if (sources.Exists(static s => s.Pod is null))
            return new Host([.. sources.Where(static s => s.Pod is null).Select(static s => s.Path)]);
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
