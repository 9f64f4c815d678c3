using System.Collections.Immutable;
using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>A pod as the kubelet sends it over the CRI.</summary>
internal sealed record KubeletPod(PodTemplate Template, RunPodSandboxRequest Sandbox, ImmutableArray<KubeletContainer> Containers)
{
    /// <summary>Id of the sandbox in the requests that follow; the runtime makes the real one.</summary>
    public const string SandboxId = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <param name="pod">The manifest; what is wrong in it is left as errors of its fields.</param>
    /// <param name="settings">What else the requests depend on.</param>
    /// <param name="assumed">Takes what was taken for given.</param>
    public static KubeletPod Of(PodTemplate pod, KubeletSettings settings, Assumptions assumed)
    {
        Volumes.Check(pod);
        var sandbox = SandboxConversion.Convert(pod, settings, assumed);
        return new KubeletPod(
            pod, sandbox, [.. pod.Containers.Select(container => ContainerConversion.Convert(pod, container, sandbox.Config, settings, assumed))]);
    }
}

/// <summary>A container as the kubelet sends it over the CRI.</summary>
/// <param name="Source">Its manifest.</param>
/// <param name="Request">What is sent.</param>
/// <param name="Mounts">Where each of the request's mounts is from.</param>
internal sealed record KubeletContainer(PodContainer Source, CreateContainerRequest Request, ImmutableArray<MountSource> Mounts);

/// <summary>Where a mount is from; both null for those that the kubelet adds itself.</summary>
internal sealed record MountSource(Field? Mount, Field? Volume)
{
    public static MountSource Kubelet { get; } = new(null, null);

    /// <summary>What a `subPath` names, which the kubelet binds to a place of its own; empty where there is none.</summary>
    public string Subpath { get; init; } = "";

    /// <summary>Why that is not known; empty where it is.</summary>
    public string Untold { get; init; } = "";
}
