using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
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

    private const int FirstProcess = 1;

    /// <summary>As runtime specs name them, and as the kernel does (namespaces(7)).</summary>
    private static readonly ImmutableArray<(string Name, string File)> Namespaces =
        [("cgroup", "cgroup"), ("ipc", "ipc"), ("mount", "mnt"), ("network", "net"), ("pid", "pid"), ("user", "user"), ("uts", "uts")];

    /// <summary>The node as it is now.</summary>
    /// <param name="configured">What is known of it beforehand.</param>
    /// <param name="now">The time of the decision.</param>
    /// <param name="caller">Who asks for it.</param>
    public static NodeFacts Node(NodeFacts configured, DateTimeOffset now, Caller caller) =>
        configured with { AppArmorProfiles = AppArmor.ReadEnforced(), Now = now, Caller = caller };

    /// <summary>Null where there is no such process any more, or another took its number while it was looked at.</summary>
    public static ProcessFacts? Process(int pid)
    {
        if (pid <= 0 || Processes.ReadStart(pid) is not (> 0 and var started) || !Processes.TryReadStatus(pid, out var status))
            return null;
        var (sets, executable) = (status.Capabilities, Processes.ReadExecutable(pid));
        var isolator = Isolator.IsNamed(executable) && Processes.RunsFile(pid, executable) && Processes.RunsFileOfItsParent(pid);
        var namespaces = Namespaces.ToImmutableSortedDictionary(static n => n.Name, n => Processes.ReadNamespace(pid, n.File), StringComparer.Ordinal);
        var facts = new ProcessFacts
        {
            Pid = pid,
            Started = started,
            Executable = executable,
            IsFileOfTheNode = isolator,
            Arguments = isolator ? Processes.ReadArguments(pid) : [],
            SeccompMode = (int)status.Seccomp,
            SeccompFilters = status.SeccompFilters ?? 0,
            Capabilities = new ProcessCapabilities(sets.Bounding, sets.Effective, sets.Permitted, sets.Inheritable, sets.Ambient),
            NoNewPrivileges = status.NoNewPrivileges,
            UserId = status.RealUid,
            Users = Processes.ReadIdMap(pid, "uid_map"),
            Groups = Processes.ReadIdMap(pid, "gid_map"),
            Label = Processes.ReadLabel(pid, "current"),
            AppArmor = Processes.ReadLabel(pid, "apparmor/current"),
            Namespaces = namespaces,
            NodeNamespaces = [.. Namespaces.Where(n => IsOfTheNode(n.File, namespaces[n.Name])).Select(static n => n.Name)],
        };
        return Processes.ReadStart(pid) == started ? facts : null;
    }

    /// <summary>The node's first process need not be ours to look at, and we may be in a namespace of our own: either will do.</summary>
    private static bool IsOfTheNode(string kind, string space) =>
        space.Length > 0 && (space == Processes.ReadNamespace(FirstProcess, kind) || space == Processes.ReadNamespace(Environment.ProcessId, kind));
}
