using System.Collections.Concurrent;
using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Mounts;

/// <summary>Where paths of the node lead, as the runtimes will find it when they follow them after us (T-M2).</summary>
public sealed class HostPathResolver
{
    private readonly StalledMounts _stalled = new();

    /// <summary>Never fails and never waits longer than it may: what is not known by then stays unknown.</summary>
    /// <param name="view">Whose paths they are.</param>
    /// <param name="paths">As they were sent.</param>
    /// <param name="known">Well-known paths, of which all names are wanted.</param>
    /// <param name="patience">How long it may take in all.</param>
    /// <param name="time">For that.</param>
    public async Task<HostLook> LookAsync(MountView view, IReadOnlyCollection<string> paths, IReadOnlyCollection<string> known, TimeSpan patience, TimeProvider time)
    {
        var (targets, waiting) = (new ConcurrentDictionary<string, HostTarget>(StringComparer.Ordinal), new Waiting());

        // A thread of its own: one that hangs in the kernel would be missing in the pool.
        var look = Task.Factory.StartNew(
            () => Follow(view, [.. known, .. paths], targets, waiting), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            await look.WaitAsync(patience, time);
        }
        catch (TimeoutException)
        {
            _stalled.Mark(waiting);
        }

        return new HostLook(
            paths.Distinct(StringComparer.Ordinal).ToImmutableDictionary(static p => p, p => Of(p, targets, patience), StringComparer.Ordinal),
            known.Select(p => (Path: p, Names: Names(p, targets))).Where(static k => !k.Names.IsEmpty)
                .ToImmutableDictionary(static k => k.Path, static k => k.Names, StringComparer.Ordinal));
    }

    private void Follow(MountView view, IEnumerable<string> paths, ConcurrentDictionary<string, HostTarget> targets, Waiting waiting)
    {
        var mounts = MountTable.Parse(KernelFile.Read(view.MountInfo));
        foreach (var path in paths)
            targets.TryAdd(path, new HostPathWalk(view.Root, mounts, _stalled, waiting).Follow(path));
    }

    private static HostTarget Of(string path, ConcurrentDictionary<string, HostTarget> targets, TimeSpan patience) =>
        targets.TryGetValue(path, out var target) ? target : HostTarget.Unknown(path, $"the node does not say within {patience.TotalSeconds} s");

    private static ImmutableArray<string> Names(string path, ConcurrentDictionary<string, HostTarget> targets) =>
        targets.TryGetValue(path, out var target) && target.Kind != HostFileKind.Unknown
            ? [.. target.Aliases.Prepend(target.Path).Where(name => name != path).Distinct(StringComparer.Ordinal)]
            : [];
}

/// <summary>What the node said.</summary>
/// <param name="Targets">For each path that was asked for.</param>
/// <param name="Names">Further names of the well-known paths that have some.</param>
public sealed record HostLook(ImmutableDictionary<string, HostTarget> Targets, ImmutableDictionary<string, ImmutableArray<string>> Names)
{
    /// <summary>Where nobody could look.</summary>
    public static HostLook Blind(IEnumerable<string> paths, string problem) => Nothing with
    {
        Targets = paths.Distinct(StringComparer.Ordinal).ToImmutableDictionary(static p => p, p => HostTarget.Unknown(p, problem), StringComparer.Ordinal),
    };

    public static HostLook Nothing { get; } = new(ImmutableDictionary<string, HostTarget>.Empty, ImmutableDictionary<string, ImmutableArray<string>>.Empty);
}
