using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Limits of what a workload may ask of the node's cgroups and of the OOM killer.</summary>
/// <param name="CgroupParent">Absolute path below which pods must be, as cgroupfs writes it: `/kubepods`; null: not demanded.</param>
/// <param name="MinOomScoreAdj">Least value of `oom_score_adj`; null: not demanded.</param>
/// <param name="Unified">Files of cgroup v2 that may be written; null: not demanded.</param>
public sealed record ResourceSetting(string? CgroupParent, int? MinOomScoreAdj, ImmutableArray<Glob>? Unified)
{
    /// <summary>Those of the files that may not be written; a path is no file's name (T-R1).</summary>
    public List<string> Beyond(IEnumerable<string> unified) => Unified is not { } allowed
        ? []
        : [.. unified.Where(key => key.Contains('/', StringComparison.Ordinal) || !allowed.Any(glob => glob.Matches(key))).Order(StringComparer.Ordinal)];

    /// <summary>The setting with more files allowed; where any may be written there is nothing to add.</summary>
    public ResourceSetting Allowing(ImmutableArray<string> files) =>
        Unified is { } allowed ? this with { Unified = [.. allowed, .. files.Select(static f => new Glob(f))] } : this;

    /// <summary>
    /// Whether a cgroup parent is below ours. With systemd's driver kubelets send the whole path (`/kubepods.slice/kubepods-burstable.slice/…`),
    /// and of what ends in `.slice` runtimes take the last part alone, whose name says where it is (systemd.slice(5)).
    /// </summary>
    public bool Contains(string parent)
    {
        if (CgroupParent is not { } root)
            return true;
        var parts = parent.Trim('/').Split('/');
        if (parts.Any(static part => part is "" or "." or "..") || parent.AsSpan().IndexOfAny(':', '\0') >= 0)
            return false;
        var slice = root.Trim('/').Replace('/', '-');
        var last = parts[^1];
        return last.EndsWith(".slice", StringComparison.Ordinal)
            ? last == $"{slice}.slice" || last.StartsWith($"{slice}-", StringComparison.Ordinal)
            : parent == root || parent.StartsWith($"{root}/", StringComparison.Ordinal);
    }
}
