namespace CriGuard.Linux.Processes;

/// <summary>Seccomp modes of a process; numbers are those of `SECCOMP_MODE_…` (seccomp(2)).</summary>
public enum SeccompMode
{
    Disabled = 0,
    Strict = 1,
    Filter = 2,
}
