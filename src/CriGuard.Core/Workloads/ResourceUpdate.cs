using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What UpdateContainerResources or UpdatePodSandboxResources sets.</summary>
/// <param name="Unified">Names of cgroup v2 files that are written as they are (`unified`).</param>
/// <param name="Annotations">Names of annotations: runtimes hand them on to NRI plugins (T-N12).</param>
/// <param name="Values">All that is set, by the CRI's names: `memory_limit_in_bytes`, `unified.memory.high`; of annotations the names only.</param>
public sealed record ResourceUpdate(
    ImmutableSortedSet<string> Unified, ImmutableSortedSet<string> Annotations, ImmutableSortedDictionary<string, string> Values);
