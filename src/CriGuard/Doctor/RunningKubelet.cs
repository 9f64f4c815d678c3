using CriGuard.Core.Sandboxes;
using CriGuard.Setup;

namespace CriGuard.Doctor;

/// <summary>The kubelet that runs on a node, and what it was told.</summary>
internal sealed record RunningKubelet
{
    public required int Pid { get; init; }

    /// <summary>Where it looks for the runtime.</summary>
    public string RuntimeEndpoint { get; private init; } = "";

    /// <summary>Where it looks for images.</summary>
    public string ImageEndpoint { get; private init; } = "";

    /// <summary>Whether it asks for RuntimeDefault where a pod asks for no seccomp.</summary>
    public bool SeccompDefault { get; private init; }

    /// <summary>Why its configuration cannot be relied on; empty where it can.</summary>
    public string Problem { get; private init; } = "";

    /// <summary>Null where none runs.</summary>
    /// <param name="processes">Those of the node.</param>
    /// <param name="node">For its files.</param>
    public static RunningKubelet? Find(IEnumerable<NodeProcess> processes, NodePaths node) =>
        processes.Where(static p => p.Name == "kubelet").MinBy(static p => p.Pid) is { } found ? Read(found, node) : null;

    private static RunningKubelet Read(NodeProcess process, NodePaths node)
    {
        try
        {
            var kubelet = new Kubelet(node, process.Arguments, environmentFiles: []);
            return new RunningKubelet
            {
                Pid = process.Pid, RuntimeEndpoint = kubelet.Endpoint, ImageEndpoint = kubelet.ImageEndpoint ?? kubelet.Endpoint, SeccompDefault = kubelet.SeccompDefault,
            };
        }
        catch (SetupException e)
        {
            return new RunningKubelet { Pid = process.Pid, Problem = e.Message };
        }
    }
}
