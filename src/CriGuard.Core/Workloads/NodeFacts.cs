using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Profiles.Seccomp;

namespace CriGuard.Core.Workloads;

/// <summary>What the node offers and knows at the time of a decision.</summary>
public sealed record NodeFacts
{
    /// <summary>As kubelets do that are not told another.</summary>
    public const string DefaultPodLogs = "/var/log/pods";

    /// <summary>Names of AppArmor profiles that are loaded in enforce mode; null where AppArmor is off.</summary>
    public ImmutableSortedSet<string>? AppArmorProfiles { get; init; }

    /// <summary>Runtime handlers that the runtime offers (the default handler by its name too); null where the runtime did not tell.</summary>
    public ImmutableSortedSet<string>? RuntimeHandlers { get; init; }

    /// <summary>Devices, each by what names it: the host path of a request as it was sent, or the number (`c 10:229`) that a spec has.</summary>
    public ImmutableDictionary<string, DeviceNode> Devices { get; init; } = ImmutableDictionary<string, DeviceNode>.Empty;

    /// <summary>Of the image references of a request, those that are paths of files on the node too.</summary>
    public ImmutableSortedSet<string> Paths { get; init; } = ImmutableSortedSet.Create<string>(StringComparer.Ordinal);

    /// <summary>The time, against which exceptions expire; where nobody says it, all of them have.</summary>
    public DateTimeOffset Now { get; init; } = DateTimeOffset.MaxValue;

    /// <summary>Paths that the daemon's own configuration names: sockets, state, policy.</summary>
    public ImmutableArray<string> OwnPaths { get; init; } = [];

    /// <summary>Where the kubelet keeps the logs of pods (`podLogsDir` of its configuration).</summary>
    public string PodLogs { get; init; } = DefaultPodLogs;

    /// <summary>
    /// Further names of well-known paths that are links to other places, or are mounted there too; what is not in it has only its own.
    /// </summary>
    public ImmutableDictionary<string, ImmutableArray<string>> PathNames { get; init; } = ImmutableDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>What seccomp profiles are composed for; null where that is not known.</summary>
    public SeccompNode? Seccomp { get; init; }

    /// <summary>The profiles in files that a request or a rule names, by the path as it was sent.</summary>
    public ImmutableDictionary<string, LocalProfile> SeccompFiles { get; init; } = ImmutableDictionary<string, LocalProfile>.Empty;

    /// <summary>The process that makes the call; null where that is not known.</summary>
    public Caller? Caller { get; init; }

    /// <summary>A well-known path by all its names.</summary>
    public IEnumerable<string> NamesOf(string path) => PathNames.GetValueOrDefault(path, []).Prepend(path);
}
