using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Methods;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using Google.Protobuf;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Fuzz.Targets;

/// <summary>The input is taken for every message that is judged: readers never fail on it, and what they patched is read again.</summary>
internal static class CriRequestTarget
{
    private static readonly ImmutableArray<Change> OfSandboxes =
        [Changed(new Edit.Seccomp(SecurityProfile.RuntimeDefault)), Changed(new Edit.RuntimeHandler("runsc"))];

    private static readonly ImmutableArray<Change> OfContainers =
    [
        Changed(new Edit.Seccomp(SecurityProfile.Localhost("/var/lib/kubelet/seccomp/a.json"))),
        Changed(new Edit.AppArmor(SecurityProfile.RuntimeDefault)),
        Changed(new Edit.Capabilities(["CHOWN"], ["ALL"])),
        Changed(new Edit.NoNewPrivileges()),
    ];

    private static readonly SandboxFacts Sandbox = SandboxReader.Read(new PodSandboxStatusResponse());

    private static readonly string[] Accesses =
        [.. MethodTable.Known.Where(method => method.Value is Treatment.Record).Select(method => method.Key).Order(StringComparer.Ordinal)];

    public static readonly Target Value = new("cri-request", [RunPodSandbox(), CreateContainer(), Status()], Run);

    private static bool Run(byte[] input)
    {
        foreach (var path in Accesses)
        {
            if (AccessReader.TryRead(path, input, out var access))
                Promise.Keep(AccessReader.TryRead(path, access.Forward, out _), "a call that goes on is read again");
        }

        if (Received.TryParse<RestorePodRequest>(input, out var restore))
            RestoreReader.Read(restore);
        if (Received.TryParseMessage<ContainerStatusResponse>(input, out var status))
        {
            StartReader.Read(status, Sandbox);
            UpdateReader.Before(status);
        }

        if (Received.TryParseMessage<PodSandboxStatusResponse>(input, out var answer))
            SandboxReader.Read(answer);

        var judged = false;
        if (Received.TryParse<RunPodSandboxRequest>(input, out var sandbox))
        {
            judged = true;
            SandboxReader.Read(sandbox);
            Patched(sandbox, RequestPatcher.Apply(sandbox, []), changed: false);
            SandboxReader.Read(Patched(sandbox, RequestPatcher.Apply(sandbox, OfSandboxes), changed: true));
        }

        if (Received.TryParse<CreateContainerRequest>(input, out var container))
        {
            judged = true;
            ContainerReader.Read(container, Sandbox);
            Patched(container, RequestPatcher.Apply(container, []), changed: false);
            ContainerReader.Read(Patched(container, RequestPatcher.Apply(container, OfContainers), changed: true), Sandbox);
        }

        return judged;
    }

    private static Received<T> Patched<T>(Received<T> request, ReadOnlyMemory<byte> bytes, bool changed)
        where T : class, IMessage<T>, new()
    {
        Promise.Keep(changed || request.Ambiguous || bytes.Span.SequenceEqual(request.Bytes.Span), "without a change the bytes go on as they came");
        var parsed = Received.TryParse<T>(bytes, out var again);
        Promise.Keep(parsed, "a patched request is read again");
        Promise.Keep(!again!.Ambiguous, "a request that goes on has one meaning");
        return again;
    }

    private static Change Changed(Edit edit) => new("fuzz", Control.Seccomp, "field", "before", "after", edit);

    private static byte[] RunPodSandbox() => new RunPodSandboxRequest { Config = SandboxConfig(), RuntimeHandler = "runc" }.ToByteArray();

    private static PodSandboxConfig SandboxConfig() => new()
    {
        Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c", Attempt = 1 },
        Labels = { ["app"] = "web" },
        Linux = new LinuxPodSandboxConfig
        {
            SecurityContext = new LinuxSandboxSecurityContext
            {
                NamespaceOptions = new NamespaceOption { Pid = CriGuard.Cri.Runtime.NamespaceMode.Container },
                SeccompProfilePath = "unconfined",
            },
        },
    };

    private static byte[] CreateContainer() => new CreateContainerRequest
    {
        PodSandboxId = "5a0dbc",
        Config = new ContainerConfig
        {
            Image = new ImageSpec { Image = "sha256:0f" },
            Linux = new LinuxContainerConfig
            {
                SecurityContext = new LinuxContainerSecurityContext
                {
                    Capabilities = new Capability { AddCapabilities = { "NET_BIND_SERVICE" }, DropCapabilities = { "ALL" } },
                    MaskedPaths = { "/proc/kcore" },
                    Privileged = true,
                },
            },
        },
        SandboxConfig = SandboxConfig(),
    }.ToByteArray();

    private static byte[] Status() =>
        new ContainerStatusResponse { Info = { ["info"] = "{\"pid\":7,\"runtimeSpec\":{\"process\":{}}}" } }.ToByteArray();
}
