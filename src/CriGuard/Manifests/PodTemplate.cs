namespace CriGuard.Manifests;

/// <summary>A pod that a manifest makes: itself, or the template of a workload.</summary>
/// <param name="Kind">`Pod`, `Deployment` …</param>
/// <param name="Name">Of the object.</param>
/// <param name="Object">The whole object; its place is where it begins.</param>
/// <param name="Template">What has the pod's `metadata` and `spec`; the object itself where that is a pod.</param>
internal sealed record PodTemplate(string Kind, string Name, Field Object, Field Template)
{
    public Field Metadata => Template["metadata"];

    public Field Spec => Template["spec"];

    public Field SecurityContext => Spec["securityContext"];

    /// <summary>Init containers first, as they are created.</summary>
    public IEnumerable<PodContainer> Containers =>
        Of("initContainers", ContainerKind.Init).Concat(Of("containers", ContainerKind.Regular)).Concat(Of("ephemeralContainers", ContainerKind.Ephemeral));

    private IEnumerable<PodContainer> Of(string key, ContainerKind kind) => Spec[key].Items.Select(field => new PodContainer(kind, field));
}

/// <summary>A container of a pod's manifest.</summary>
internal sealed record PodContainer(ContainerKind Kind, Field Field)
{
    public string Name => Field["name"].Text ?? "";

    public string Image => Field["image"].Text ?? "";

    public Field SecurityContext => Field["securityContext"];

    public bool IsPrivileged => SecurityContext["privileged"].Flag == true;
}

/// <summary>Why a container is in its pod.</summary>
internal enum ContainerKind
{
    Init,
    Regular,
    Ephemeral,
}
