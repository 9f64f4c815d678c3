using System.Collections.Immutable;
using CriGuard.Core.Policy.Isolation;

namespace CriGuard.Core.Sandboxes;

/// <summary>
/// What really isolates a pod, told from the process tree of its sandbox. Only processes count that no tenant chooses: the one that the runtime names as
/// the sandbox's, those above it, and those of its own executable or of a known monitor.
/// </summary>
/// <param name="Level">As the processes show it; null where they cannot be read, or are gone.</param>
/// <param name="Name">`runc` for OCI runtimes that leave no process behind, else the sentry or the hypervisor by its executable.</param>
/// <param name="Platform">gVisor's platform, from the sentry's arguments; empty where they say none, and of others.</param>
/// <param name="Processes">Pids of the runtime's own processes: the shim, the sandbox's own, sentries, machine monitors and their helpers.</param>
public sealed record SandboxRuntime(IsolationLevel? Level, string Name, string Platform, ImmutableArray<int> Processes)
{
    public static SandboxRuntime Unknown { get; } = new(null, "unknown", "", []);

    /// <param name="processes">All of the node.</param>
    /// <param name="sandboxId">The runtime's whole id.</param>
    /// <param name="pid">Of the sandbox's own process, as the runtime tells it.</param>
    public static SandboxRuntime Of(IReadOnlyDictionary<int, NodeProcess> processes, string sandboxId, int pid)
    {
        if (!processes.TryGetValue(pid, out var own) || own.Executable.Length == 0)
            return Unknown;
        var shim = Above(processes, own).FirstOrDefault(static p => SandboxProcess.IsShim(p.Name));
        var tree = Below(processes, shim ?? own);
        if (SandboxProcess.IsSentry(own.Name))
            return new SandboxRuntime(
                IsolationLevel.Gvisor, own.Name, PlatformOf(own.Arguments), Pids(shim, tree.Where(p => p.Executable == own.Executable).Append(own)));
        // A machine's monitor may have left the tree as a daemon; it has the sandbox's id in its arguments then.
        var machine = SandboxProcess.IsMonitor(own.Name)
            ? own
            : SandboxProcess.IsKata(own.Name) || (shim is not null && SandboxProcess.IsKata(shim.Name))
                ? Named(processes.Values, sandboxId).Concat(tree).FirstOrDefault(static p => SandboxProcess.IsMonitor(p.Name))
                : null;
        if (machine is not null)
            return new SandboxRuntime(
                IsolationLevel.Kata, machine.Name, "",
                Pids(shim, Named(processes.Values, sandboxId).Concat(tree).Where(static p => SandboxProcess.IsMonitor(p.Name) || SandboxProcess.IsHelper(p.Name)).Append(machine).Append(own)));
        return new SandboxRuntime(HasUsersOfItsOwn(processes, shim, own) ? IsolationLevel.Userns : IsolationLevel.Runc, "runc", "", Pids(shim, [own]));
    }

    /// <summary>The shim has the node's users, as the first process has; of one that is not ours to look at nothing is concluded.</summary>
    private static bool HasUsersOfItsOwn(IReadOnlyDictionary<int, NodeProcess> processes, NodeProcess? shim, NodeProcess own) =>
        own.UserNamespace.Length > 0
        && ((NodeProcess?[])[shim, processes.GetValueOrDefault(1)]).FirstOrDefault(static p => p?.UserNamespace.Length > 0) is { } ofTheNode
        && ofTheNode.UserNamespace != own.UserNamespace;

    /// <summary>`--platform=kvm`, with one dash or two, or as a word of its own.</summary>
    private static string PlatformOf(ImmutableArray<string> arguments)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            var flag = arguments[i].TrimStart('-');
            if (arguments[i].StartsWith('-') && flag.StartsWith("platform=", StringComparison.Ordinal))
                return flag["platform=".Length..];
            if (arguments[i].StartsWith('-') && flag == "platform" && i + 1 < arguments.Length)
                return arguments[i + 1];
        }

        return "";
    }

    private static IEnumerable<NodeProcess> Above(IReadOnlyDictionary<int, NodeProcess> processes, NodeProcess own)
    {
        var seen = new HashSet<int>();
        for (NodeProcess? p = own; p is not null && seen.Add(p.Pid); p = processes.GetValueOrDefault(p.Parent))
            yield return p;
    }

    private static List<NodeProcess> Below(IReadOnlyDictionary<int, NodeProcess> processes, NodeProcess root)
    {
        var (below, children) = (new List<NodeProcess>(), processes.Values.ToLookup(static p => p.Parent));
        // Processes come and go while they are read, so that parents need not be a tree.
        var seen = new HashSet<int>([root.Pid]);
        var open = new Stack<int>([root.Pid]);
        while (open.TryPop(out var pid))
        {
            foreach (var child in children[pid].Where(child => seen.Add(child.Pid)))
            {
                below.Add(child);
                open.Push(child.Pid);
            }
        }

        return below;
    }

    private static IEnumerable<NodeProcess> Named(IEnumerable<NodeProcess> processes, string sandboxId) =>
        sandboxId.Length == 0 ? [] : processes.Where(p => p.Arguments.Any(a => a.Contains(sandboxId, StringComparison.Ordinal)));

    private static ImmutableArray<int> Pids(NodeProcess? shim, IEnumerable<NodeProcess> own) =>
        [.. (shim is null ? own : own.Append(shim)).Select(static p => p.Pid).Distinct().Order()];
}
