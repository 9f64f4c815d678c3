using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What PullImage asks for. Credentials are no fact: nothing reads them.</summary>
public sealed record PullFacts
{
    /// <summary>The pod that it is for, as the request says; nameless where it says none, as `crictl pull` does.</summary>
    public required SandboxFacts Sandbox { get; init; }

    public required ImageFacts Image { get; init; }

    /// <summary>`ImageSpec.annotations`: the kubelet copies those of the pod.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = SandboxFacts.Nothing;

    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];
}
