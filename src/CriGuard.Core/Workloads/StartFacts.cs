using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What is known of a created container before it starts: all of it from the runtime.</summary>
public sealed record StartFacts
{
    public required SandboxFacts Sandbox { get; init; }

    /// <summary>The runtime's id for it, whole.</summary>
    public string ContainerId { get; init; } = "";

    public required string ContainerName { get; init; }

    public required ImageFacts Image { get; init; }

    /// <summary>As the container was asked for, from the runtime's verbose status; null where that does not tell.</summary>
    public bool? Privileged { get; init; }

    /// <summary>Whether lists and default profiles cannot bind it: where the runtime does not tell, the sandbox's own flag decides.</summary>
    public bool IsPrivileged => Privileged ?? Sandbox.Privileged == true;

    /// <summary>The container's own.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = SandboxFacts.Nothing;

    /// <summary>Whether this node's log has its creation, so that it was judged (T-C8); null where nobody looked.</summary>
    public bool? Accounted { get; init; }

    /// <summary>Whether the OCI runtime leaves cgroups to systemd, so that `slice:prefix:name` names one; null where the runtime does not tell.</summary>
    public bool? HasSystemdCgroups { get; init; }

    /// <summary>The request that the runtime keeps, as decisions left it; null where it keeps none, as CRI-O.</summary>
    public ContainerFacts? Asked { get; init; }

    /// <summary>The file that a request for a Localhost profile names; null where it names none, or it cannot be read.</summary>
    public FilterRules? Profile { get; init; }

    /// <summary>Null where the runtime does not tell its spec: a rule that needs it then refuses.</summary>
    public required EffectiveSpec? Spec { get; init; }
}
