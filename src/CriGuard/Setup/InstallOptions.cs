using CriGuard.Daemon;

namespace CriGuard.Setup;

/// <summary>What an administrator asks of `criguard install`.</summary>
internal sealed record InstallOptions
{
    /// <summary>The runtime's socket; null: the one that the kubelet uses now.</summary>
    public UnixEndpoint? Runtime { get; init; }

    /// <summary>The kubelet is left alone: it is pointed here when it is set up itself.</summary>
    public bool WithoutKubelet { get; init; }

    /// <summary>Rules for modprobe too.</summary>
    public bool Modprobe { get; init; }

    /// <summary>Modules that those rules leave out.</summary>
    public IReadOnlyList<string> Keep { get; init; } = [];

    /// <summary>How long the node may take to be well with CriGuard.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMinutes(2);
}
