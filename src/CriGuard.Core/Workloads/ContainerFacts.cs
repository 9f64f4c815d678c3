using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What CreateContainer asks for, in the sandbox as the runtime has it.</summary>
public sealed record ContainerFacts
{
    /// <summary>The sandbox as it was run: from the runtime's status, not from the copy that the request sends again.</summary>
    public required SandboxFacts Sandbox { get; init; }

    /// <summary>The copy of the sandbox's configuration in this request; null where none was sent. Labels edited since show here.</summary>
    public SandboxFacts? Resent { get; init; }

    /// <summary>`ContainerMetadata.name`, the container's name in the pod.</summary>
    public required string Name { get; init; }

    public required ImageFacts Image { get; init; }

    public bool Privileged { get; init; }

    public NamespaceModes Namespaces { get; init; } = NamespaceModes.Default;

    public CapabilityRequest Capabilities { get; init; } = CapabilityRequest.None;

    public bool NoNewPrivileges { get; init; }

    /// <summary>Effective request after the runtime's own order of the new and the deprecated field; null where neither was sent.</summary>
    public SecurityProfile? Seccomp { get; init; }

    /// <summary>Effective request after the runtime's own order of the new and the deprecated field; null where neither was sent.</summary>
    public SecurityProfile? AppArmor { get; init; }

    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];
}
