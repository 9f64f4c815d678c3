using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Limits of what a workload may ask of the node's cgroups and of the OOM killer.</summary>
/// <param name="CgroupParent">Absolute path below which pods must be, as cgroupfs writes it: `/kubepods`; null: not demanded.</param>
/// <param name="MinOomScoreAdj">Least value of `oom_score_adj`; null: not demanded.</param>
/// <param name="Unified">Files of cgroup v2 that may be written; null: not demanded.</param>
public sealed record ResourceSetting(string? CgroupParent, int? MinOomScoreAdj, ImmutableArray<Glob>? Unified)
{
    private const string Slice = ".slice";

    /// <summary>Those of the files that may not be written; a path is no file's name (T-R1).</summary>
    public List<string> Beyond(IEnumerable<string> unified) => Unified is not { } allowed
        ? []
        : [.. unified.Where(key => key.Contains('/', StringComparison.Ordinal) || !allowed.Any(glob => glob.Matches(key))).Order(StringComparer.Ordinal)];

    /// <summary>The setting with more files allowed; where any may be written there is nothing to add.</summary>
    public ResourceSetting Allowing(ImmutableArray<string> files) =>
        Unified is { } allowed ? this with { Unified = [.. allowed, .. files.Select(static f => new Glob(f))] } : this;

    /// <summary>
    /// Whether a cgroup parent is below ours. With systemd's driver kubelets send the whole path (`/kubepods.slice/kubepods-burstable.slice/…`);
    /// of what ends in `.slice` runtimes take the last part alone, so a path that is not the one of that slice was sent by no kubelet.
    /// </summary>
    public bool Contains(string parent) => parent.EndsWith(Slice, StringComparison.Ordinal)
        ? ContainsSlice(parent[(parent.LastIndexOf('/') + 1)..]) && (CgroupParent is null || parent == PathOf(parent[(parent.LastIndexOf('/') + 1)..]))
        : ContainsPath(parent);

    /// <summary>Whether the cgroup of a spec (`linux.cgroupsPath`) is below ours.</summary>
    /// <param name="path">A path, or `slice:prefix:name` with systemd's driver.</param>
    /// <param name="systemd">False where the runtime tells that it has no systemd driver: then that form too is a path, from the root.</param>
    public bool ContainsCgroup(string path, bool systemd) =>
        systemd && path.Split(':') is [var slice, _, _] ? ContainsSlice(slice) : ContainsPath(path);

    private bool ContainsPath(string path)
    {
        if (CgroupParent is not { } root)
            return true;
        return !path.Trim('/').Split('/').Any(static part => part is "" or "." or "..") && path.AsSpan().IndexOfAny(':', '\0') < 0 && NodePath.IsAtOrBelow(path, root);
    }

    /// <summary>A slice's name says where it is (systemd.slice(5)); kubelets write `_` for the `-` of a part.</summary>
    private bool ContainsSlice(string name)
    {
        if (CgroupParent is not { } root)
            return true;
        var ours = root.Trim('/').Replace('-', '_').Replace('/', '-');
        return name.AsSpan().IndexOfAny('/', '\0') < 0 && (name == ours + Slice
            || (name.StartsWith($"{ours}-", StringComparison.Ordinal) && name.EndsWith(Slice, StringComparison.Ordinal) && !name[..^Slice.Length].Split('-').Contains("")));
    }

    /// <summary>`/a.slice/a-b.slice` of `a-b.slice`.</summary>
    private static string PathOf(string slice)
    {
        var parts = slice[..^Slice.Length].Split('-');
        return string.Concat(parts.Select((_, i) => $"/{string.Join('-', parts.Take(i + 1))}{Slice}"));
    }
}
