using System.Collections.Immutable;
using System.Globalization;

namespace CriGuard.Core.Workloads;

/// <summary>What is known of a pod sandbox: at RunPodSandbox from the request, later from the runtime's own status.</summary>
public sealed record SandboxFacts
{
    public required PodIdentity Pod { get; init; }

    /// <summary>The runtime's id for it; empty before it is run. Requests may name a sandbox by the beginning of its id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Pod labels; written by tenants, so they may tighten and never loosen.</summary>
    public ImmutableSortedDictionary<string, string> Labels { get; init; } = Nothing;

    /// <summary>Pod annotations; written by tenants, but for `kubernetes.io/config.source`, which the kubelet overwrites.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = Nothing;

    /// <summary>`RunPodSandboxRequest.runtime_handler`; empty is the runtime's default.</summary>
    public string RuntimeHandler { get; init; } = "";

    public NamespaceModes Namespaces { get; init; } = NamespaceModes.Default;

    /// <summary>`LinuxSandboxSecurityContext.privileged`; null where the runtime's status does not tell.</summary>
    public bool? Privileged { get; init; }

    /// <summary>Seccomp profile of the sandbox's own process; null where none was sent.</summary>
    public SecurityProfile? Seccomp { get; init; }

    /// <summary>Of the sandbox's own process.</summary>
    public SeLinuxRequest SeLinux { get; init; } = SeLinuxRequest.None;

    /// <summary>Every container of the pod is in it (T-U9).</summary>
    public UserNamespaceRequest UserNamespace { get; init; } = UserNamespaceRequest.None;

    /// <summary>`linux.sysctls`, as they were sent; not told by the runtime's status.</summary>
    public ImmutableSortedDictionary<string, string> Sysctls { get; init; } = Nothing;

    /// <summary>Not told by the runtime's status.</summary>
    public ImmutableArray<HostPort> HostPorts { get; init; } = [];

    /// <summary>`windows.security_context.host_process`, which no Linux runtime reads (T-W).</summary>
    public bool AsksForHostProcess { get; init; }

    /// <summary>`LinuxPodSandboxConfig.cgroup_parent`; null where the runtime's status does not tell.</summary>
    public string? CgroupParent { get; init; }

    /// <summary>`PodSandboxConfig.log_directory`; empty where none was sent, or the runtime's status does not tell.</summary>
    public string LogDirectory { get; init; } = "";

    /// <summary>Its own process, in the runtime's pid namespace; 0 where the runtime does not tell.</summary>
    public int ProcessId { get; init; }

    /// <summary>The sandbox that the same pod had last, by namespace and name, as the runtime still has it; null where there is none or nobody asked.</summary>
    public SandboxFacts? Before { get; init; }

    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];

    /// <summary>Whether a path is one of its own process's namespaces: `/proc/PID/ns/net`.</summary>
    public bool HasNamespace(string path) => ProcessId > 0
        && path.Split('/') is ["", "proc", var pid, "ns", not ("" or "." or "..")] && pid == ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>`api`, `file` or `http`: where the kubelet has the pod from; `unknown` for other clients.</summary>
    public string ConfigSource => Annotations.GetValueOrDefault("kubernetes.io/config.source", "unknown");

    internal static ImmutableSortedDictionary<string, string> Nothing { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
}
