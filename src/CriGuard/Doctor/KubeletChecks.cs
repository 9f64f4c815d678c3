using System.Collections.Immutable;
using CriGuard.Daemon;

namespace CriGuard.Doctor;

/// <summary>That the kubelet comes through the gate with everything, and nobody goes round it.</summary>
internal static class KubeletChecks
{
    public static IEnumerable<Check> Of(NodeState node)
    {
        yield return Configuration(node.Kubelet);
        if (node.Kubelet is { Problem.Length: 0 } kubelet)
        {
            yield return Endpoint("kubelet-endpoint", "containerRuntimeEndpoint", kubelet.RuntimeEndpoint, node.Options);
            yield return Endpoint("image-endpoint", "imageServiceEndpoint", kubelet.ImageEndpoint, node.Options);
            yield return SeccompDefault(kubelet);
        }

        if (node.Kubelet is { } running)
            yield return Connected(running, node.Connections.Listen);
        yield return DirectClients(node);
    }

    private static Check Configuration(RunningKubelet? kubelet) => kubelet switch
    {
        null => Check.Unknown("kubelet", "none runs", "start it; k3s and its like, which have one inside, are not looked into"),
        { Problem: { Length: > 0 } problem } => Check.Unknown("kubelet", problem, "see that the kubelet's configuration can be read"),
        _ => Check.Good("kubelet", $"pid {kubelet.Pid}"),
    };

    private static Check Endpoint(string name, string key, string told, DaemonOptions options) =>
        UnixEndpoint.TryParse(told, out var socket, out _) && socket == options.Listen
            ? Check.Good(name, $"the kubelet is told {told}")
            : Check.Fault(name, $"the kubelet is told {told}", $"set its `{key}` to {options.Listen} and restart it");

    private static Check SeccompDefault(RunningKubelet kubelet) => kubelet.SeccompDefault
        ? Check.Good("seccomp-default", "the kubelet asks for RuntimeDefault where a pod asks for nothing")
        : Check.Warning("seccomp-default", "the kubelet asks for no seccomp where a pod asks for none", "set its `seccompDefault: true`; the policy's `seccomp` holds either way");

    private static Check Connected(RunningKubelet kubelet, ImmutableSortedSet<int>? clients)
    {
        const string name = "kubelet-connected";
        if (clients is null)
            return Check.Unknown(name, "the kernel does not tell who is connected", "load `unix_diag`, or ask `criguard status`");
        return clients.Contains(kubelet.Pid)
            ? Check.Good(name, "the kubelet is connected to the gate")
            : Check.Fault(name, $"the kubelet (pid {kubelet.Pid}) is not connected to the gate", "restart it, and see its log if it does not come");
    }

    private static Check DirectClients(NodeState node)
    {
        const string name = "direct-clients";
        if (node.Connections.Runtime is not { } clients)
            return Check.Unknown(name, "the kernel does not tell who is connected to the runtime", "load `unix_diag`; `ss -xp` shows the same");
        var others = clients.Where(pid => pid != node.Status?.Pid && pid != Environment.ProcessId)
            .Select(pid => $"{node.Connections.Executables?.GetValueOrDefault(pid) ?? "?"} (pid {pid})").ToList();
        return others.Count > 0
            ? Check.Fault(name, $"at the runtime's socket, around the gate: {string.Join(", ", others)}", "point them to the gate's socket, or stop them")
            : Check.Good(name, "nobody but the daemon is at the runtime's socket");
    }
}
