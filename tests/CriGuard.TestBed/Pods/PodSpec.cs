using CriGuard.TestBed.Runtime;

namespace CriGuard.TestBed.Pods;

/// <summary>What a user asks of one pod; containers are in start order. Each of the ready-made pods is a new one each time it is asked for.</summary>
public sealed record PodSpec(string Name)
{
    public string Namespace { get; init; } = "team-a";

    public string Uid { get; init; } = Guid.NewGuid().ToString();

    /// <summary>The handler of the pod's RuntimeClass; empty for the runtime's default.</summary>
    public string Handler { get; init; } = "";

    public bool HostNetwork { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> Annotations { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ContainerSpec> Containers { get; init; } = [new()];

    /// <summary>A pod with nothing special about it.</summary>
    public static PodSpec Ordinary => new("ordinary");

    /// <summary>A pod whose container asks to load kernel modules.</summary>
    public static PodSpec Module => Of("module", new() { AddCapabilities = ["SYS_MODULE"] });

    /// <summary>A pod with a privileged container.</summary>
    public static PodSpec Privileged => Of("privileged", new() { Privileged = true });

    /// <summary>A pod that turns the seccomp filter off.</summary>
    public static PodSpec Unconfined => Of("unconfined", new() { Seccomp = SecurityProfile.Types.ProfileType.Unconfined });

    /// <summary>A pod that is labelled to be run under gVisor, and names no handler.</summary>
    public static PodSpec Sandboxed =>
        new("sandboxed") { Labels = new Dictionary<string, string> { ["criguard.io/sandbox"] = "gvisor" } };

    /// <summary>A pod that names a handler which the node does not have.</summary>
    public static PodSpec Unknown => new("unknown-handler") { Handler = "kata" };

    private static PodSpec Of(string name, ContainerSpec container) => new(name) { Containers = [container] };
}
