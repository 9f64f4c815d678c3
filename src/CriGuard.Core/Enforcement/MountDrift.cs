using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Mounts: what is there and was not asked for, comes from elsewhere, or can be written.</summary>
internal static class MountDrift
{
    /// <summary>What no request can ask for: `Mount` of the CRI has files of the node and images only.</summary>
    public static IEnumerable<Deviation> Unasked(StartFacts facts, EffectiveSpec spec)
    {
        foreach (var mount in spec.KernelMounts)
        {
            var at = Words.Quote(mount.ContainerPath);
            if (FileSystems.ShowsNode(mount))
                yield return new Deviation(Aspect.Mounts, $"a file system of type {Words.Quote(mount.Type)} at {at}, which no request can ask for");
            else if (mount is { ReadOnly: false, Type: "sysfs" or "cgroup" or "cgroup2" } && !facts.IsPrivileged)
                yield return new Deviation(Aspect.Mounts, $"{at} writable, without being privileged");
        }
    }

    public static IEnumerable<Deviation> Between(NodeFacts node, StartFacts facts, ContainerFacts asked, EffectiveSpec spec)
    {
        var mounts = MountList.Of(node, facts, spec);
        foreach (var mount in spec.Mounts.Where(m => !mounts.IsOfRuntime(m, m.Target?.Path ?? "")))
        {
            var at = Words.Quote(mount.ContainerPath);
            // The last one of a path is what the container sees.
            if (asked.Mounts.LastOrDefault(a => NodePath.Clean(a.ContainerPath) == NodePath.Clean(mount.ContainerPath)) is not { } wanted)
                yield return new Deviation(Aspect.Mounts, $"{Words.Quote(mount.HostPath)} at {at}, which it does not ask for");
            else if (!wanted.IsImage && !IsSame(wanted, mount))
                yield return new Deviation(Aspect.Mounts, $"{Words.Quote(mount.HostPath)} at {at} instead of {Words.Quote(wanted.HostPath)}");
            else if (Weaker(wanted, mount) is { } weaker)
                yield return new Deviation(Aspect.Mounts, $"{at} {weaker}");
        }
    }

    private static string? Weaker(MountFacts wanted, MountFacts mount)
    {
        if (wanted.ReadOnly && !mount.ReadOnly)
            return "writable, which is asked to be read-only";
        if (wanted.RecursiveReadOnly && !mount.RecursiveReadOnly)
            return "writable in what is mounted below it, which is asked to be read-only";
        return mount.Propagation > wanted.Propagation ? "sharing mounts made later, which it does not ask for" : null;
    }

    // The runtime has followed the links, and so have we: either the texts agree or the ends do.
    private static bool IsSame(MountFacts wanted, MountFacts mount)
    {
        var source = NodePath.Clean(mount.HostPath);
        return source == NodePath.Clean(wanted.HostPath)
            || (wanted.Target is { Kind: not HostFileKind.Unknown } target && (target.Path == source || target.Path == mount.Target?.Path));
    }
}
