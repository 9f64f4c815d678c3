using CriGuard.Core.Workloads;

namespace CriGuard.Daemon;

/// <summary>What the daemon is told at start; flags of `criguard daemon` win over the configuration file.</summary>
internal sealed record DaemonOptions
{
    public const string DefaultStateDirectory = "/var/lib/criguard";
    public const string DefaultConfigurationFile = "/etc/criguard/config.yaml";

    /// <summary>The socket that the kubelet is pointed to.</summary>
    public required UnixEndpoint Listen { get; init; }

    public required UnixEndpoint Runtime { get; init; }

    /// <summary>The image service, where it is not the runtime's own; null where it is.</summary>
    public UnixEndpoint? Image { get; init; }

    /// <summary>A policy file or a directory of them.</summary>
    public required string Policy { get; init; }

    public string StateDirectory { get; init; } = DefaultStateDirectory;

    /// <summary>`podLogsDir` of the kubelet's configuration.</summary>
    public string PodLogs { get; init; } = NodeFacts.DefaultPodLogs;

    /// <summary>Name of the node in events.</summary>
    public required string Node { get; init; }

    /// <summary>How long calls in flight may take after SIGTERM.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How often the runtime's containers are compared with the event log; zero for once, at the start.</summary>
    public TimeSpan Reconcile { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often exits are looked for, and what others stop and remove; zero for never.</summary>
    public TimeSpan Lives { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Bytes of the event log beyond which its oldest segments are removed; zero for no bound.</summary>
    public long LogBytes { get; init; } = 1024L << 20;

    /// <summary>Age beyond which events are removed; zero for no bound.</summary>
    public TimeSpan LogAge { get; init; }

    /// <summary>Whether permitted calls go on while the event log cannot be written; what was not recorded is then told as a gap.</summary>
    public bool GoOnUnrecorded { get; init; }

    /// <summary>Which AppArmor profiles are loaded at start: `shipped`, `off`, or a directory of further ones.</summary>
    public string AppArmor { get; init; } = AppArmorProfiles.Shipped;

    /// <summary>The event log: events/ below the state directory.</summary>
    public string EventDirectory => Path.Combine(StateDirectory, "events");

    /// <summary>What these options tell of the node.</summary>
    public NodeFacts ToNodeFacts()
    {
        string[] paths = [Listen.Path, Runtime.Path, Image?.Path ?? "", Path.GetFullPath(Policy), Path.GetFullPath(StateDirectory)];
        return new NodeFacts { PodLogs = PodLogs, OwnPaths = [.. paths.Where(static p => p.Length > 0).Select(NodePath.Clean)] };
    }
}
