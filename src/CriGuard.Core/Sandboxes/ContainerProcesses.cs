using System.Collections.Immutable;

namespace CriGuard.Core.Sandboxes;

/// <summary>Whose the processes of the node are, told by what no container chooses: its cgroup, its mount namespace, and the shim above it.</summary>
/// <param name="processes">All of the node.</param>
public sealed class ContainerProcesses(IReadOnlyDictionary<int, NodeProcess> processes)
{
    private const int NodesFirst = 1;

    /// <summary>Sockets of the runtimes that have shims on this node, as each shim is told it.</summary>
    public IEnumerable<string> Sockets => Shims.Select(Socket).Distinct(StringComparer.Ordinal);

    private IEnumerable<NodeProcess> Shims => processes.Values.Where(IsShim).OrderBy(static p => p.Pid);

    /// <summary>Those that are inside a container beside its first: its children, and what somebody entered it with.</summary>
    /// <param name="containerId">The runtime's whole id.</param>
    /// <param name="first">Pid of its first process.</param>
    public IEnumerable<int> Beside(string containerId, int first)
    {
        var space = processes.GetValueOrDefault(first)?.MountNamespace ?? "";
        var own = space.Length > 0 && space != processes.GetValueOrDefault(NodesFirst)?.MountNamespace;
        return processes.Values
            // One that has ended has no namespaces any more, and does nothing.
            .Where(p => p.Pid != first && p.MountNamespace.Length > 0 && ((own && p.MountNamespace == space) || IsIn(p, containerId)))
            .Select(static p => p.Pid).Order();
    }

    /// <summary>
    /// Containers that the CRI does not list: those below a shim of the runtime that stands for no pod, and processes that the shim of a pod started in no
    /// container of it. What the runtime just starts or ends is among them, and what gVisor has beside its sentries.
    /// </summary>
    /// <param name="sockets">Of the runtime, by the names that its shims have for it.</param>
    /// <param name="listed">Ids of the sandboxes, and of the containers that have not ended.</param>
    public ImmutableArray<UnlistedContainer> Unlisted(IReadOnlySet<string> sockets, IReadOnlySet<string> listed)
    {
        var found = new Dictionary<(string Namespace, string Id), UnlistedContainer>();
        var children = processes.Values.Where(static p => p.MountNamespace.Length > 0 && !IsShim(p)).OrderBy(static p => p.Pid).ToLookup(static p => p.Parent);
        // A program inside a container may call itself a shim, and says nothing of the runtime.
        foreach (var shim in Shims.Where(s => sockets.Contains(Socket(s)) && !IsInAny(s, listed)))
        {
            var (space, id) = (Flag(shim, "-namespace"), Flag(shim, "-id"));
            foreach (var child in children[shim.Pid])
            {
                if (!listed.Contains(id))
                    found.TryAdd((space, id), new UnlistedContainer(child.Pid, id, space, ""));
                // Below the shim of a machine no process is a container of this kernel.
                else if (shim.Name.StartsWith("containerd-shim-runc", StringComparison.Ordinal) && !IsInAny(child, listed))
                    found.TryAdd((space, Group(child)), new UnlistedContainer(child.Pid, Group(child), space, id));
            }
        }

        return [.. found.Values];
    }

    private static string Socket(NodeProcess shim) => Flag(shim, "-address");

    private static bool IsShim(NodeProcess process) => process.Name.StartsWith("containerd-shim", StringComparison.Ordinal);

    private static bool IsIn(NodeProcess process, string containerId) => process.Groups.SelectMany(Names).Contains(containerId, StringComparer.Ordinal);

    private static bool IsInAny(NodeProcess process, IReadOnlySet<string> ids) => process.Groups.SelectMany(Names).Any(ids.Contains);

    /// <summary>The ids that a cgroup's path may hold: `0d3f…`, and of `cri-containerd-0d3f….scope` what stands last.</summary>
    private static IEnumerable<string> Names(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries)
        // CRI-O's monitor of a container is not inside of it.
        .Where(static part => !part.StartsWith("crio-conmon-", StringComparison.Ordinal))
        .Select(static part => part.EndsWith(".scope", StringComparison.Ordinal) ? part[(part.LastIndexOf('-') + 1)..^".scope".Length] : part);

    private static string Group(NodeProcess process) =>
        process.Groups.OrderByDescending(static path => path.Length).SelectMany(static path => Names(path).TakeLast(1)).FirstOrDefault() ?? "";

    /// <summary>The word after a flag of a shim; empty where it has none.</summary>
    private static string Flag(NodeProcess shim, string name) =>
        shim.Arguments.IndexOf(name) is >= 0 and var at && at + 1 < shim.Arguments.Length ? shim.Arguments[at + 1] : "";
}

/// <summary>A container that somebody made through the runtime's own interface, past the CRI.</summary>
/// <param name="Pid">Of its process, the first of them by number.</param>
/// <param name="Id">As its maker named it; where it is in the shim of a pod, by its cgroup.</param>
/// <param name="Namespace">The runtime's, such as `k8s.io` or `default`.</param>
/// <param name="SandboxId">The pod's in whose shim it is; empty where it has a shim of its own.</param>
public sealed record UnlistedContainer(int Pid, string Id, string Namespace, string SandboxId);
