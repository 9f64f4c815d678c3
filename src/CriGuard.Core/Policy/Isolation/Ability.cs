using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Isolation;

/// <summary>What a runtime handler can apply to a workload, or serve it with.</summary>
public enum Ability
{
    /// <summary>The node's seccomp profile filters the workload itself (T-S11).</summary>
    Seccomp,

    /// <summary>The node's AppArmor profile confines the workload itself.</summary>
    AppArmor,
    HostNetwork,
    HostPid,
    HostIpc,
    Privileged,

    /// <summary>Devices of the node, CDI's among them.</summary>
    Devices,

    /// <summary>Sockets of the node that are mounted.</summary>
    HostSockets,

    /// <summary>Volumes that are given as a device (`volumeDevices`).</summary>
    BlockVolumes,
    BidirectionalMounts,
    Sysctls,

    /// <summary>Checkpoints through the CRI.</summary>
    Checkpoint,
}

/// <summary>What is true of the usual handlers of each level; an entry of the table can say otherwise.</summary>
public static class Abilities
{
    private static readonly ImmutableArray<string> s_words =
        [.. Enum.GetNames<Ability>().Select(static name => string.Concat([char.ToLowerInvariant(name[0])], name.AsSpan(1)))];

    /// <summary>KEP-127: the kubelet refuses these for a pod with users of its own.</summary>
    private static readonly ImmutableHashSet<Ability> s_lostToUsers = [Ability.HostNetwork, Ability.HostPid, Ability.HostIpc, Ability.BlockVolumes];

    /// <summary>A kernel of its own knows neither the node's filters nor its namespaces, and a socket has no meaning in it.</summary>
    private static readonly ImmutableHashSet<Ability> s_lostToKernels =
    [
        Ability.Seccomp, Ability.AppArmor, Ability.HostNetwork, Ability.HostPid, Ability.HostIpc, Ability.Privileged, Ability.Devices,
        Ability.HostSockets, Ability.BidirectionalMounts, Ability.Checkpoint,
    ];

    public static string Word(this Ability ability) => s_words[(int)ability];

    public static bool Has(this IsolationLevel level, Ability ability) => level switch
    {
        IsolationLevel.Runc => true,
        IsolationLevel.Userns => !s_lostToUsers.Contains(ability),
        // Kata plugs block devices into the machine and sets namespaced sysctls in it; gVisor does neither.
        IsolationLevel.Kata => !s_lostToKernels.Contains(ability),
        _ => !s_lostToKernels.Contains(ability) && ability is not (Ability.BlockVolumes or Ability.Sysctls),
    };
}
