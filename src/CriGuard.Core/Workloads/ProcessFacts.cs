namespace CriGuard.Core.Workloads;

/// <summary>What the kernel says of a container's first process (proc_pid_status(5), `/proc/PID/exe`).</summary>
public sealed record ProcessFacts
{
    public required int Pid { get; init; }

    /// <summary>Path of the executable as the process sees it; empty where it could not be read.</summary>
    public required string Executable { get; init; }

    /// <summary>`Seccomp`: 0 none, 1 strict, 2 filter.</summary>
    public required int SeccompMode { get; init; }

    /// <summary>`Seccomp_filters`: how many filters are attached; 0 on kernels before 5.9, which do not tell.</summary>
    public required int SeccompFilters { get; init; }

    /// <summary>All five capability sets together, a bit for each number in linux/capability.h.</summary>
    public required ulong Capabilities { get; init; }

    public required bool NoNewPrivileges { get; init; }
}
