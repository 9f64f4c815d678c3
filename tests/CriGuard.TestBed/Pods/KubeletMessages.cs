using CriGuard.TestBed.Runtime;

namespace CriGuard.TestBed.Pods;

/// <summary>Writes pods as a kubelet with `seccompDefault: true` does (kubernetes, pkg/kubelet/kuberuntime).</summary>
internal static class KubeletMessages
{
    // The kubelet sends both lists outright, unless the container is privileged or its procMount is Unmasked.
    private static readonly string[] MaskedPaths =
    [
        "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware",
    ];

    private static readonly string[] ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    public static PodSandboxConfig Sandbox(PodSpec pod, string cgroupParent, string logDirectory)
    {
        var config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = pod.Name, Namespace = pod.Namespace, Uid = pod.Uid },
            // A pod in the host's network has the host's name (kuberuntime_sandbox.go).
            Hostname = pod.HostNetwork ? "" : pod.Name,
            LogDirectory = logDirectory,
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = cgroupParent,
                SecurityContext = new LinuxSandboxSecurityContext
                {
                    Privileged = pod.Containers.Any(container => container.Privileged),
                    NamespaceOptions = Namespaces(pod),
                    Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
                },
            },
            Annotations = { ["kubernetes.io/config.seen"] = "2026-01-01T00:00:00.000000000Z", ["kubernetes.io/config.source"] = "api" },
        };
        config.Labels.Add(pod.Labels.ToDictionary());
        config.Labels.Add(Identity(pod));
        config.Annotations.Add(pod.Annotations.ToDictionary());
        return config;
    }

    public static ContainerConfig Container(PodSpec pod, ContainerSpec container)
    {
        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = container.Name },
            Image = new ImageSpec { Image = container.Image },
            Command = { container.Command },
            Envs = { new KeyValue { Key = "KUBERNETES_SERVICE_HOST", Value = "10.96.0.1" } },
            LogPath = $"{container.Name}/0.log",
            Linux = new LinuxContainerConfig
            {
                Resources = new LinuxContainerResources { CpuPeriod = 100_000, CpuShares = 2, OomScoreAdj = 1000 },
                SecurityContext = SecurityContext(pod, container),
            },
            Labels = { Identity(pod) },
            Annotations =
            {
                ["io.kubernetes.container.hash"] = ContainerSpec.Hash,
                ["io.kubernetes.container.restartCount"] = "0",
                ["io.kubernetes.container.terminationMessagePath"] = "/dev/termination-log",
                ["io.kubernetes.container.terminationMessagePolicy"] = "File",
                ["io.kubernetes.pod.terminationGracePeriod"] = "30",
            },
        };
        config.Devices.Add(container.Devices.Select(static path => new Device { HostPath = path, ContainerPath = path, Permissions = "rw" }));
        config.Labels.Add("io.kubernetes.container.name", container.Name);
        config.Annotations.Add(container.Annotations.ToDictionary());
        config.Mounts.Add(container.HostPaths.Select(static path => new Mount { ContainerPath = path.Key, HostPath = path.Value }));
        return config;
    }

    private static LinuxContainerSecurityContext SecurityContext(PodSpec pod, ContainerSpec container)
    {
        var context = new LinuxContainerSecurityContext
        {
            Privileged = container.Privileged,
            NamespaceOptions = Namespaces(pod),
            RunAsUser = new Int64Value { Value = container.User },
            NoNewPrivs = container.NoNewPrivileges,
            Seccomp = container.SeccompFile.Length > 0
                ? new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = container.SeccompFile }
                : new SecurityProfile { ProfileType = container.Seccomp },
        };
        // Where AppArmor is not asked for, the kubelet sends nothing.
        if (container.AppArmor is ContainerSpec.Unconfined)
            context.Apparmor = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined };
        else if (container.AppArmor is { } profile)
            context.Apparmor = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Localhost, LocalhostRef = profile };
        if (container.AddCapabilities.Count + container.DropCapabilities.Count > 0)
        {
            context.Capabilities = new Runtime.Capability
            {
                AddCapabilities = { container.AddCapabilities },
                DropCapabilities = { container.DropCapabilities },
            };
        }

        if (!container.Privileged && !container.Unmasked)
        {
            context.MaskedPaths.Add(MaskedPaths);
            context.ReadonlyPaths.Add(ReadonlyPaths);
        }

        return context;
    }

    private static NamespaceOption Namespaces(PodSpec pod) => new()
    {
        Network = pod.HostNetwork ? NamespaceMode.Node : NamespaceMode.Pod,
        Pid = NamespaceMode.Container,
    };

    private static Dictionary<string, string> Identity(PodSpec pod) => new()
    {
        ["io.kubernetes.pod.name"] = pod.Name,
        ["io.kubernetes.pod.namespace"] = pod.Namespace,
        ["io.kubernetes.pod.uid"] = pod.Uid,
    };
}
