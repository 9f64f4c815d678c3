using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a pod sandbox: from the request that runs it, and later from what the runtime says of it.</summary>
public static class SandboxReader
{
    public static SandboxFacts Read(Received<RunPodSandboxRequest> request)
    {
        var anomalies = new List<Anomaly>(request.Anomalies);
        return Read(request.Message.Config ?? new PodSandboxConfig(), "config", anomalies) with
        {
            RuntimeHandler = request.Message.RuntimeHandler,
            Anomalies = [.. anomalies],
        };
    }

    /// <summary>
    /// The sandbox as the runtime has it. What only a verbose status tells (privileged, seccomp) is null where the runtime does not tell.
    /// </summary>
    public static SandboxFacts Read(PodSandboxStatusResponse response)
    {
        var status = response.Status ?? new PodSandboxStatus();
        var pinned = VerboseSandbox.Read(response.Info, status.Annotations.Keys.Concat(status.Labels.Keys));
        return new SandboxFacts
        {
            Pod = Identity(status.Metadata),
            Id = status.Id,
            Labels = Sorted(status.Labels),
            Annotations = Sorted(status.Annotations),
            RuntimeHandler = status.RuntimeHandler,
            Namespaces = NamespaceReader.Read(status.Linux?.Namespaces?.Options),
            UserNamespace = IdentityReader.UserNamespace(status.Linux?.Namespaces?.Options),
            Privileged = pinned.Privileged,
            Seccomp = pinned.Seccomp,
            CgroupParent = pinned.CgroupParent,
            ProcessId = pinned.ProcessId,
        };
    }

    /// <summary>The configuration inside a request, under a path; what is odd is added to <paramref name="anomalies"/>.</summary>
    internal static SandboxFacts Read(PodSandboxConfig config, string field, List<Anomaly> anomalies)
    {
        var context = config.Linux?.SecurityContext ?? new LinuxSandboxSecurityContext();
        if (config.Windows is not null)
            anomalies.Add(IdentityReader.OfWindows(field));
        return new SandboxFacts
        {
            Pod = Identity(config.Metadata),
            Labels = Sorted(config.Labels),
            Annotations = Sorted(config.Annotations),
            Namespaces = NamespaceReader.Read(context.NamespaceOptions),
            Privileged = context.Privileged,
            Seccomp = ProfileReader.Seccomp(context.Seccomp, context.SeccompProfilePath, $"{field}.linux.security_context", anomalies),
            SeLinux = IdentityReader.SeLinux(context.SelinuxOptions),
            UserNamespace = IdentityReader.UserNamespace(context.NamespaceOptions),
            Sysctls = Sorted(config.Linux?.Sysctls ?? []),
            HostPorts = [.. config.PortMappings.Where(static p => p.HostPort != 0).Select(static p => new HostPort(p.HostPort, p.ContainerPort))],
            AsksForHostProcess = config.Windows?.SecurityContext?.HostProcess == true,
            CgroupParent = config.Linux?.CgroupParent ?? "",
            LogDirectory = config.LogDirectory,
        };
    }

    /// <summary>Whose sandbox it is; empty names where that is not told.</summary>
    public static PodIdentity Identity(PodSandboxMetadata? metadata) =>
        new(metadata?.Namespace ?? "", metadata?.Name ?? "", metadata?.Uid ?? "");

    internal static ImmutableSortedDictionary<string, string> Sorted(IEnumerable<KeyValuePair<string, string>> map) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, map);
}
