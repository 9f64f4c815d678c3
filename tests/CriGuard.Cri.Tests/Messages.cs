using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Cri.Tests;

/// <summary>Requests as a kubelet sends them, and the few steps that most tests take with them.</summary>
internal static class Messages
{
    public static PodSandboxConfig SandboxConfig() => new()
    {
        Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c", Attempt = 1 },
        Labels = { ["app"] = "web", ["io.kubernetes.pod.uid"] = "2f1c" },
        Annotations = { ["kubernetes.io/config.source"] = "api" },
        Linux = new LinuxPodSandboxConfig
        {
            SecurityContext = new LinuxSandboxSecurityContext
            {
                NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container },
                Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.RuntimeDefault },
            },
        },
    };

    public static RunPodSandboxRequest RunPodSandbox() => new() { Config = SandboxConfig(), RuntimeHandler = "runc" };

    public static CreateContainerRequest CreateContainer() => new()
    {
        PodSandboxId = "5a0dbc",
        Config = new ContainerConfig
        {
            Metadata = new ContainerMetadata { Name = "web" },
            Image = new ImageSpec { Image = "sha256:0f", UserSpecifiedImage = "registry.example/web:1" },
            Linux = new LinuxContainerConfig
            {
                SecurityContext = new LinuxContainerSecurityContext
                {
                    Capabilities = new Capability { AddCapabilities = { "NET_BIND_SERVICE" }, DropCapabilities = { "ALL" } },
                    NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Container },
                    Seccomp = new SecurityProfile { ProfileType = SecurityProfile.Types.ProfileType.Unconfined },
                    MaskedPaths = { "/proc/kcore" },
                },
            },
        },
        SandboxConfig = SandboxConfig(),
    };

    public static CreateContainerRequest CreateContainer(Action<LinuxContainerSecurityContext> with)
    {
        var request = CreateContainer();
        with(request.Config.Linux.SecurityContext);
        return request;
    }

    public static Received<T> Receive<T>(T message)
        where T : class, IMessage<T>, new() => Receive<T>(message.ToByteArray());

    public static Received<T> Receive<T>(byte[] bytes)
        where T : class, IMessage<T>, new()
    {
        Assert.True(Received.TryParse<T>(bytes, out var received), "the bytes are a message");
        return received;
    }

    public static ImmutableArray<Change> Changes(params Edit[] edits) =>
        [.. edits.Select(static e => new Change("rule", Control.Seccomp, "field", "before", "after", e))];
}
