using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Daemon.Judging;

/// <summary>What a call is about, for its events.</summary>
internal sealed record CallSubject
{
    public PodIdentity? Pod { get; init; }

    public string SandboxId { get; init; } = "";

    public string ContainerName { get; init; } = "";

    public string ContainerId { get; init; } = "";

    public ImmutableArray<KeyValuePair<string, string>> Details { get; init; } = [];
}
