using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What the kernel says of a container's first process (proc_pid_status(5), `/proc/PID/exe`, `ns`, `attr`, `uid_map`).</summary>
public sealed record ProcessFacts
{
    public required int Pid { get; init; }

    /// <summary>Clock ticks from the boot to its start: with the number, a name that no other process ever has.</summary>
    public ulong Started { get; init; }

    /// <summary>Path of the executable as the process sees it; empty where it could not be read.</summary>
    public required string Executable { get; init; }

    /// <summary>Whether that is the node's own file of that path, and not one of the container; asked only of those that may hold a sandbox.</summary>
    public bool IsFileOfTheNode { get; init; }

    /// <summary>The command line of one that holds a sandbox; empty for every other: arguments of workloads hold secrets.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>`Seccomp`: 0 none, 1 strict, 2 filter.</summary>
    public required int SeccompMode { get; init; }

    /// <summary>`Seccomp_filters`: how many filters are attached; 0 on kernels before 5.9, which do not tell.</summary>
    public required int SeccompFilters { get; init; }

    public required ProcessCapabilities Capabilities { get; init; }

    public required bool NoNewPrivileges { get; init; }

    /// <summary>Real user id on the node.</summary>
    public long UserId { get; init; }

    /// <summary>`uid_map` and `gid_map`.</summary>
    public ImmutableArray<IdMapping> Users { get; init; } = [];

    public ImmutableArray<IdMapping> Groups { get; init; } = [];

    /// <summary>`attr/current`: SELinux's label, or AppArmor's; empty where no LSM gives one.</summary>
    public string Label { get; init; } = "";

    /// <summary>`attr/apparmor/current`: `web (enforce)`; empty where AppArmor is off.</summary>
    public string AppArmor { get; init; } = "";

    /// <summary>By the names of runtime specs (`network`, `mount`): `net:[4026531840]`.</summary>
    public ImmutableSortedDictionary<string, string> Namespaces { get; init; } = SandboxFacts.Nothing;

    /// <summary>Those that are the node's first process's too, or our own.</summary>
    public ImmutableSortedSet<string> NodeNamespaces { get; init; } = [];
}

/// <summary>The five capability sets of a process, a bit for each number in linux/capability.h.</summary>
public sealed record ProcessCapabilities(ulong Bounding, ulong Effective, ulong Permitted, ulong Inheritable, ulong Ambient);
