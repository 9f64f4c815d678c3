using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Benchmarks.Judging;

/// <summary>Requests of the size that a kubelet sends: most of their bytes are mounts, variables and annotations, which no rule reads.</summary>
internal static class KubeletRequests
{
    public static byte[] CreateContainer()
    {
        var config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "web" },
            Image = new ImageSpec { Image = "sha256:0f3c", UserSpecifiedImage = "registry.example/web:1" },
            Linux = new LinuxContainerConfig
            {
                SecurityContext = new LinuxContainerSecurityContext
                {
                    Capabilities = new Capability { AddCapabilities = { "NET_BIND_SERVICE" }, DropCapabilities = { "ALL" } },
                    NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container },
                    Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
                    MaskedPaths = { "/proc/asound", "/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/sys/firmware" },
                },
            },
        };
        var variables = Many(6, 20, "KUBERNETES_SERVICE_PORT_HTTPS=443");
        var mounts = Many(7, 6, "/var/lib/kubelet/pods/2f1c/volumes/kubernetes.io~projected/x");
        byte[] whole = [.. config.ToByteArray(), .. variables, .. mounts];
        return [.. new CreateContainerRequest { PodSandboxId = "5a0dbc", SandboxConfig = Sandbox() }.ToByteArray(), .. Field(2, whole)];
    }

    public static byte[] RunPodSandbox() => new RunPodSandboxRequest { Config = Sandbox() }.ToByteArray();

    private static PodSandboxConfig Sandbox() => new()
    {
        Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" },
        Labels =
        {
            ["app"] = "web", ["tier"] = "front",
            ["io.kubernetes.pod.name"] = "web-0", ["io.kubernetes.pod.namespace"] = "team-a", ["io.kubernetes.pod.uid"] = "2f1c",
        },
        Annotations = { ["kubernetes.io/config.seen"] = "2026-01-01T00:00:00Z", ["kubernetes.io/config.source"] = "api" },
        Linux = new LinuxPodSandboxConfig
        {
            SecurityContext = new LinuxSandboxSecurityContext { NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container } },
        },
    };

    private static IEnumerable<byte> Many(int number, int count, string text) =>
        Enumerable.Repeat(Field(number, Field(1, System.Text.Encoding.ASCII.GetBytes(text))), count).SelectMany(static f => f);

    private static byte[] Field(int number, byte[] content)
    {
        var buffer = new MemoryStream();
        var output = new CodedOutputStream(buffer);
        output.WriteTag(number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(content));
        output.Flush();
        return buffer.ToArray();
    }
}
