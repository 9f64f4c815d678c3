using CriGuard.Core.Workloads;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a container from the request that creates it.</summary>
public static class ContainerReader
{
    /// <param name="request">The request.</param>
    /// <param name="sandbox">The sandbox that it names, as the runtime has it.</param>
    public static ContainerFacts Read(Received<CreateContainerRequest> request, SandboxFacts sandbox)
    {
        var message = request.Message;
        var anomalies = new List<Anomaly>(request.Anomalies);
        var resent = message.SandboxConfig is null ? null : SandboxReader.Read(message.SandboxConfig, "sandbox_config", anomalies);
        return Read(message.Config ?? new ContainerConfig(), "config", sandbox, anomalies) with { Resent = resent };
    }

    /// <summary>A container's configuration inside a request, under a path; what is odd is added to <paramref name="anomalies"/>.</summary>
    internal static ContainerFacts Read(ContainerConfig config, string path, SandboxFacts sandbox, List<Anomaly> anomalies)
    {
        var field = $"{path}.linux.security_context";
        var context = config.Linux?.SecurityContext ?? new LinuxContainerSecurityContext();
        if (config.Windows is not null)
            anomalies.Add(IdentityReader.OfWindows(path));
        var user = IdentityReader.User(context);
        if (IdentityReader.OfUser(user, field) is { } disagreeing)
            anomalies.Add(disagreeing);
        return new ContainerFacts
        {
            Sandbox = sandbox,
            Name = config.Metadata?.Name ?? "",
            Image = ImageReader.Read(config.Image),
            Privileged = context.Privileged,
            Namespaces = NamespaceReader.Read(context.NamespaceOptions),
            PidTarget = context.NamespaceOptions?.TargetId ?? "",
            Capabilities = Capabilities(context.Capabilities),
            NoNewPrivileges = context.NoNewPrivs,
            Seccomp = ProfileReader.Seccomp(context.Seccomp, context.SeccompProfilePath, field, anomalies),
            AppArmor = ProfileReader.AppArmor(context.Apparmor, context.ApparmorProfile, field, anomalies),
            User = user,
            SeLinux = IdentityReader.SeLinux(context.SelinuxOptions),
            UserNamespace = IdentityReader.UserNamespace(context.NamespaceOptions),
            ReadOnlyRoot = context.ReadonlyRootfs,
            MaskedPaths = [.. context.MaskedPaths],
            ReadonlyPaths = [.. context.ReadonlyPaths],
            AsksForHostProcess = config.Windows?.SecurityContext?.HostProcess == true,
            Annotations = SandboxReader.Sorted(config.Annotations),
            Devices = [.. config.Devices.Select(static d => new DeviceRequest(d.HostPath, d.ContainerPath, d.Permissions))],
            CdiDevices = [.. config.CDIDevices.Select(static d => d.Name)],
            ImageVolumes = [.. config.Mounts.Where(static m => m.Image is not null).Select(static m => new ImageVolume(m.ContainerPath, m.HostPath, ImageReader.Read(m.Image)))],
            OomScoreAdj = config.Linux?.Resources?.OomScoreAdj ?? 0,
            Unified = [.. config.Linux?.Resources?.Unified.Keys ?? []],
            Mounts = MountReader.Read(config.Mounts),
            LogPath = config.LogPath,
            Anomalies = [.. anomalies],
        };
    }

    private static CapabilityRequest Capabilities(Capability? sent) => sent is null
        ? CapabilityRequest.None
        : new CapabilityRequest([.. sent.AddCapabilities], [.. sent.DropCapabilities], [.. sent.AddAmbientCapabilities]);
}
