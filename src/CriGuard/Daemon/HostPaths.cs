using System.Collections.Immutable;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;
using CriGuard.Linux.Mounts;

namespace CriGuard.Daemon;

/// <summary>Puts into facts where the paths of mounts lead; asked anew for every call, since links and mounts change (T-K3).</summary>
/// <param name="time">For the time that an answer may take.</param>
internal sealed class HostPaths(TimeProvider time)
{
    /// <summary>A path on a server that does not answer is refused after this, where a rule is about host paths (T-M13).</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly HostPathResolver _resolver = new();

    /// <summary>The mounts with their targets, and the node with the names of its well-known paths.</summary>
    public async Task<(NodeFacts Node, ImmutableArray<MountFacts> Mounts)> LookAsync(NodeFacts node, ImmutableArray<MountFacts> mounts)
    {
        List<string> paths = [.. mounts.Select(static m => m.HostPath).Where(static p => p.Length > 0)];
        if (paths.Count == 0)
            return (node, mounts);
        var look = await _resolver.LookAsync(paths, [.. ProtectedPaths.Known(node)], Patience, time);
        return (
            node with { PathNames = look.Names },
            [.. mounts.Select(mount => mount with { Target = look.Targets.GetValueOrDefault(mount.HostPath) })]);
    }
}
