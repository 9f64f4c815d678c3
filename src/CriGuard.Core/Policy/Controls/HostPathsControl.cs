using System.Collections.Immutable;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Host paths: judged by where they really lead, when a container is created and again before it starts.</summary>
internal static class HostPathsControl
{
    private const string Remedy = "take the `hostPath` volume out of the pod";

    /// <summary>What the rules of one mode demand.</summary>
    public static void Judge(Judgement judgement, MountList mounts)
    {
        var demands = judgement.Demands(static r => r.HostPaths);
        if (demands.Count == 0)
            return;
        foreach (var (mount, field, place) in mounts.OfTheNode())
        {
            if (place is MountPlace.Unknown && mount.ReadOnly && demands.TrueForAll(static d => !d.Setting.Written.IsEmpty))
                continue;
            if (place is MountPlace.Unknown { Problem: var problem })
                judgement.Refuse(
                    demands[0].Rule, Control.HostPaths, field, $"{mounts.Says(mount, [])}, and where that leads is not known: {problem}", Remedy);
            else if (place is MountPlace.Host { Paths: var paths })
                JudgeHost(judgement, demands, mounts, mount, field, paths);
            else if (place is MountPlace.Own && mount.Target!.Kind == HostFileKind.Device && demands.Find(static d => d.Setting.Written.IsEmpty) is { Rule: { } rule })
                judgement.Refuse(
                    rule, Control.HostPaths, field, $"{mounts.Says(mount, [mount.Target.Path])}, which is a device",
                    "give devices to the container by a device plugin");
        }

        foreach (var mount in mounts.FileSystems.Where(FileSystems.ShowsNode))
            judgement.Refuse(
                demands[0].Rule, Control.HostPaths, "runtimeSpec.mounts",
                $"{mounts.Container} would start with a file system of type {Words.Quote(mount.Type)} at {Words.Quote(mount.ContainerPath)}, which no request can ask for",
                "look for what adds it after the request: runtime configuration, NRI plugins, CDI");
    }

    /// <summary>What is found without any rule, and what contradicts the sandbox: refused where a rule binds host paths at all.</summary>
    public static void JudgeBuiltIn(Judgement builtIn, Judgement enforced, MountList mounts)
    {
        var demanded = enforced.FirstRule(static r => r.HostPaths is { Written.IsEmpty: true }) is not null;
        foreach (var (mount, field, place) in mounts.OfTheNode())
        {
            if (place is MountPlace.OtherPod { Uid: var uid })
                JudgeOtherPod(builtIn, demanded, field, $"{mounts.Says(mount, [mount.Target!.Path])}, which belongs to pod {Words.Quote(uid)}");
            else if (demanded)
                continue;
            else if (place is MountPlace.Unknown { Problem: var problem })
                builtIn.Report(
                    Finding.BuiltIn, Control.HostPaths, field, $"{mounts.Says(mount, [])}, and where that leads is not known: {problem}");
            else if (place is MountPlace.Host { Paths: var paths } && Sensitive(mounts.Node, mount, paths) is { } sensitive)
                builtIn.Report(Finding.BuiltIn, Control.HostPaths, field, $"{mounts.Says(mount, paths)}, {sensitive}");
        }
    }

    /// <summary>Its uid is not the sandbox's: no kubelet gives one pod what is another's (T-M1).</summary>
    private static void JudgeOtherPod(Judgement builtIn, bool demanded, string field, string message)
    {
        if (demanded)
            builtIn.Refuse(Finding.BuiltIn, Control.Consistency, field, message, Remedy);
        else
            builtIn.Report(Finding.BuiltIn, Control.Consistency, field, message);
    }

    private static void JudgeHost(
        Judgement judgement, List<Demand<HostPathsSetting>> demands, MountList mounts, MountFacts mount, string field, ImmutableArray<string> paths)
    {
        var sensitive = Sensitive(mounts.Node, mount, paths);
        foreach (var (rule, setting) in demands)
        {
            if (!setting.IsAbout(mounts.Node, mount, paths))
                continue;
            var covering = setting.Allow.Where(e => paths.Any(p => sensitive is null ? NodePath.IsAtOrBelow(p, e.Path) : p == e.Path)).ToList();
            if (covering.Exists(e => !e.ReadOnly || mount.ReadOnly))
                continue;
            var says = mounts.Says(mount, paths);
            if (covering.Count > 0)
                judgement.Refuse(
                    rule, Control.HostPaths, field, $"{says}, for writing", "set `readOnly: true` on the volume mount");
            else if (sensitive is null)
                judgement.Refuse(rule, Control.HostPaths, field, $"{says} of the node", Remedy);
            else
                judgement.Refuse(rule, Control.HostPaths, field, $"{says}, {sensitive}", $"{Remedy}, or let `hostPaths` allow exactly {Words.Quote(paths[0])}");
            return;
        }
    }

    /// <summary>Why only an entry of exactly this path allows it; null where it is an ordinary directory or file.</summary>
    private static string? Sensitive(NodeFacts node, MountFacts mount, ImmutableArray<string> paths)
    {
        if (mount.Target?.Kind is HostFileKind.Socket)
            return "which is a socket";
        if (mount.Target?.Kind is HostFileKind.Device)
            return "which is a device";
        foreach (var path in paths)
        {
            if (ProtectedPaths.Find(node, path, mount.ReadOnly) is not { } place)
                continue;
            var relation = path == place.Path ? "which is protected" : $"which {(NodePath.IsAtOrBelow(path, place.Path) ? "is in" : "holds")} {Words.Quote(place.Path)}";
            return $"{relation} ({place.What})";
        }

        return null;
    }
}
