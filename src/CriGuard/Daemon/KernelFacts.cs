using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using CriGuard.Linux.AppArmor;
using CriGuard.Linux.Processes;

namespace CriGuard.Daemon;

/// <summary>What the kernel says, as facts: read anew each time, because profiles are loaded and processes end while we run.</summary>
internal static class KernelFacts
{
    private static readonly AppArmorReader AppArmor = new();
    private static readonly ProcessReader Processes = new();

    /// <summary>The node as it is now.</summary>
    /// <param name="configured">What is known of it beforehand.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="caller">Who asks for it.</param>
    public static NodeFacts Node(NodeFacts configured, DateTimeOffset now, Caller caller) =>
        configured with { AppArmorProfiles = AppArmor.ReadEnforced(), Now = now, Caller = caller };

    /// <summary>Null where there is no such process any more.</summary>
    public static ProcessFacts? Process(int pid)
    {
        if (pid <= 0 || !Processes.TryReadStatus(pid, out var status))
            return null;
        var sets = status.Capabilities;
        return new ProcessFacts
        {
            Pid = pid,
            Executable = Processes.ReadExecutable(pid),
            SeccompMode = (int)status.Seccomp,
            SeccompFilters = status.SeccompFilters ?? 0,
            Capabilities = sets.Inheritable | sets.Permitted | sets.Effective | sets.Bounding | sets.Ambient,
            NoNewPrivileges = status.NoNewPrivileges,
        };
    }
}
