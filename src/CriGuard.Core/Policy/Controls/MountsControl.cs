using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>How things are mounted: propagation, places in the container, options, labels, ids.</summary>
internal static class MountsControl
{
    /// <summary>What takes something away, in the words of mount(8) and of the OCI runtime specification.</summary>
    private static readonly string[] Tightening = ["ro", "rro", "nosuid", "rnosuid", "nodev", "rnodev", "noexec", "rnoexec", "nosymfollow", "rnosymfollow"];

    /// <summary>What runtimes mount there themselves falls away for what a request puts there (T-G3).</summary>
    private static readonly string[] Covered = ["/proc", "/sys", "/dev"];

    /// <summary>Where a kubelet mounts from its directory of the pod: the termination message, and memory that a pod shares.</summary>
    private static readonly string[] FromThePod = ["/dev/termination-log", "/dev/shm"];

    public static void Judge(Judgement judgement, MountList mounts)
    {
        if (judgement.FirstRule(static r => r.Mounts is not null) is null)
            return;
        foreach (var (mount, field, place) in mounts.OfTheNode())
            JudgeNodeMount(judgement, mounts, mount, field, place);
        for (var i = 0; i < mounts.Items.Length; i++)
            JudgeAny(judgement, mounts, mounts.Items[i], mounts.FieldOf(i));
        foreach (var mount in mounts.FileSystems.Where(static m => IsOverProtected(m.ContainerPath) && !FileSystems.IsOrdinary(m)))
        {
            if (judgement.FirstRule(static r => r.Mounts is { ProtectsContainerPaths: true }) is { } covering)
                judgement.Refuse(
                    covering, Control.Mounts, "runtimeSpec.mounts", $"{mounts.Container} would start with a file system of type {Words.Quote(mount.Type)} over {Words.Quote(mount.ContainerPath)}",
                    "look for what adds it after the request: runtime configuration, NRI plugins, CDI");
        }
    }

    private static void JudgeNodeMount(Judgement judgement, MountList mounts, MountFacts mount, string field, MountPlace place)
    {
        if (IsOverProtected(mount, place) && judgement.FirstRule(static r => r.Mounts is { ProtectsContainerPaths: true }) is { } covering)
            Refuse(covering, ".container_path", $"mounts over {Words.Quote(mount.ContainerPath)}", "mount it at a path of the container's own");
        if (mount.SelinuxRelabel && place is not MountPlace.Own && judgement.FirstRule(static r => r.Mounts is { RelabelsPodsOnly: true }) is { } relabelling)
            Refuse(
                relabelling, ".selinux_relabel", $"would give {Words.Quote(mount.HostPath)} of the node a new SELinux label",
                "take `seLinuxOptions` or the volume out of the pod");
        if (mount is { ReadOnly: true, RecursiveReadOnly: false, Target.Kind: HostFileKind.Directory } && place is not MountPlace.Own)
            JudgeDepth(judgement, mounts, mount, field);

        void Refuse(string rule, string key, string says, string remedy) => judgement.Refuse(
            rule, Control.Mounts, field.Replace(".host_path", key, StringComparison.Ordinal), $"{mounts.Container} {says}", remedy);
    }

    /// <summary>`readonly` is about the mount alone, not about other mounts below it (T-M7).</summary>
    private static void JudgeDepth(Judgement judgement, MountList mounts, MountFacts mount, string field)
    {
        var says = $"{mounts.Container} mounts {Words.Quote(mount.HostPath)} read-only, but what is mounted below it stays writable";
        if (judgement.FirstRule(static r => r.Mounts is { RecursiveReadOnly: RecursiveReadOnly.Require }) is { } requiring)
            judgement.Refuse(requiring, Control.Mounts, field, says, "set `recursiveReadOnly: Enabled` on the volume mount");
        else if (judgement.FirstRule(static r => r.Mounts is { RecursiveReadOnly: RecursiveReadOnly.Report }) is { } reporting)
            judgement.Report(reporting, Control.Mounts, field, says);
    }

    private static void JudgeAny(Judgement judgement, MountList mounts, MountFacts mount, string field)
    {
        var at = $"at {Words.Quote(mount.ContainerPath)}";
        if (judgement.FirstRule(r => r.Mounts?.Propagation is { } most && mount.Propagation > most) is { } sharing)
            Refuse(sharing, "propagation", $"shares mounts made later {at}", "leave `mountPropagation` out of the volume mount");
        var loosening = mount.Options.Where(static o => !Tightening.Contains(o, StringComparer.Ordinal)).ToList();
        if (loosening.Count > 0 && judgement.FirstRule(static r => r.Mounts is { TighteningOptionsOnly: true }) is { } optioned)
            Refuse(optioned, "mount_options", $"mounts with {Words.List(loosening)} {at}", $"use only {Words.All(Tightening)}");
        if (mount.MapsHostRoot && judgement.FirstRule(static r => r.Mounts is { DeniesHostRoot: true }) is { } mapped)
            Refuse(mapped, "uidMappings", $"maps ids onto the node's root {at}", "map ids from 65536 on, as kubelets do");
        if (mount.IsImage && IsOverProtected(mount, null) && judgement.FirstRule(static r => r.Mounts is { ProtectsContainerPaths: true }) is { } covering)
            Refuse(covering, "container_path", $"mounts over {Words.Quote(mount.ContainerPath)}", "mount it at a path of the container's own");

        void Refuse(string rule, string key, string says, string remedy) =>
            judgement.Refuse(rule, Control.Mounts, $"{field}.{key}", $"{mounts.Container} {says}", remedy);
    }

    private static bool IsOverProtected(MountFacts mount, MountPlace? place) => IsOverProtected(mount.ContainerPath)
        && !(place is MountPlace.Own && FromThePod.Contains(NodePath.Clean(mount.ContainerPath), StringComparer.Ordinal));

    private static bool IsOverProtected(string containerPath)
    {
        var path = NodePath.Clean(containerPath);
        return path == "/" || Covered.Any(covered => NodePath.IsAtOrBelow(path, covered));
    }
}
