using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>RunPodSandbox as the kubelet makes it (kubernetes, pkg/kubelet/kuberuntime/kuberuntime_sandbox.go).</summary>
internal static class SandboxConversion
{
    public static RunPodSandboxRequest Convert(PodTemplate pod, KubeletSettings settings, Assumptions assumed)
    {
        var metadata = PodNames.Metadata(pod, settings, assumed);
        var config = new PodSandboxConfig
        {
            Metadata = metadata,
            LogDirectory = $"/var/log/pods/{metadata.Namespace}_{metadata.Name}_{metadata.Uid}",
            Linux = new LinuxPodSandboxConfig
            {
                CgroupParent = CgroupParent.Of(pod, metadata.Uid),
                SecurityContext = SecurityContext(pod, assumed),
            },
        };
        config.Labels.Add(PodNames.Labels(pod, metadata));
        config.Annotations.Add(Annotations(pod, settings));
        config.PortMappings.Add(pod.Spec["containers"].Items.SelectMany(container => container["ports"].Items).Select(port => Port(pod, port)));
        foreach (var sysctl in pod.SecurityContext["sysctls"].Items)
        {
            if (sysctl["name"].Text is { } name)
                config.Linux.Sysctls[name] = sysctl["value"].Text ?? "";
        }

        return new RunPodSandboxRequest { Config = config, RuntimeHandler = Handler(pod, settings, assumed) };
    }

    private static string Handler(PodTemplate pod, KubeletSettings settings, Assumptions assumed)
    {
        if (pod.Spec["runtimeClassName"].Text is not { Length: > 0 } name)
            return "";
        if (settings.RuntimeClasses.TryGetValue(name, out var handler))
            return handler;
        assumed.Add($"RuntimeClass `{name}` has handler `{name}`: give its manifest or `--runtime-class {name}=HANDLER`");
        return name;
    }

    // Two of them the kubelet writes itself, whatever the pod says.
    private static Dictionary<string, string> Annotations(PodTemplate pod, KubeletSettings settings) => new(pod.Metadata["annotations"].Pairs, StringComparer.Ordinal)
    {
        ["kubernetes.io/config.seen"] = "2026-01-01T00:00:00.000000000Z",
        ["kubernetes.io/config.source"] = settings.ConfigSource,
    };

    private static LinuxSandboxSecurityContext SecurityContext(PodTemplate pod, Assumptions assumed)
    {
        var source = pod.SecurityContext;
        var context = new LinuxSandboxSecurityContext
        {
            Privileged = pod.Containers.Any(static container => container.IsPrivileged),
            // Whatever the pod asks for: its own process needs no more (kubernetes#84623).
            Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
            NamespaceOptions = NamespaceConversion.Convert(pod, assumed),
            RunAsUser = UserConversion.Value(source["runAsUser"]),
            RunAsGroup = UserConversion.Value(source["runAsGroup"]),
            SelinuxOptions = UserConversion.SELinux(source["seLinuxOptions"]),
            SupplementalGroupsPolicy = UserConversion.GroupsPolicy(pod),
        };
        context.SupplementalGroups.Add(UserConversion.Groups(pod));
        return context;
    }

    private static PortMapping Port(PodTemplate pod, Field port)
    {
        var container = (int)(port["containerPort"].Number ?? 0);
        // The API server sets it so in the host's network.
        var host = port["hostPort"].Number ?? (pod.Spec["hostNetwork"].Flag == true ? container : 0);
        return new PortMapping { ContainerPort = container, HostPort = (int)host, HostIp = port["hostIP"].Text ?? "", Protocol = ProtocolOf(port["protocol"]) };
    }

    private static Protocol ProtocolOf(Field protocol)
    {
        switch (protocol.Text)
        {
            case null or "TCP":
                return Protocol.Tcp;
            case "UDP":
                return Protocol.Udp;
            case "SCTP":
                return Protocol.Sctp;
            default:
                protocol.Fail($"`{protocol.Path}` is `{protocol.Text}`: write one of `TCP`, `UDP`, `SCTP`");
                return Protocol.Tcp;
        }
    }
}
