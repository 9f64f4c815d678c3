namespace CriGuard.Core.Workloads;

/// <summary>The pod that a sandbox stands for, as the kubelet names it.</summary>
/// <param name="Namespace">Kubernetes namespace, `PodSandboxMetadata.namespace`.</param>
/// <param name="Name">Pod name, `PodSandboxMetadata.name`.</param>
/// <param name="Uid">Pod UID, `PodSandboxMetadata.uid`: stays when the sandbox is run again.</param>
public sealed record PodIdentity(string Namespace, string Name, string Uid)
{
    public override string ToString() => $"{Namespace}/{Name}";
}
