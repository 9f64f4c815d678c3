using System.Collections.Immutable;

namespace CriGuard.Manifests;

/// <summary>What a request depends on besides the manifest: the kubelet's own settings, and what the cluster and the node know.</summary>
internal sealed record KubeletSettings
{
    /// <summary>`seccompDefault`: containers that say nothing get RuntimeDefault instead of Unconfined.</summary>
    public bool SeccompDefault { get; init; }

    /// <summary>`api`, or `file` and `http` for static pods: where the kubelet has the pods from.</summary>
    public string ConfigSource { get; init; } = "api";

    /// <summary>For objects that name none; null: `default`, and said to be assumed.</summary>
    public string? Namespace { get; init; }

    /// <summary>Handlers by RuntimeClass.</summary>
    public ImmutableDictionary<string, string> RuntimeClasses { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Ids by image, as the manifest writes the image.</summary>
    public ImmutableDictionary<string, string> ImageIds { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>`USER` by image, as the manifest writes the image: a number, or a name.</summary>
    public ImmutableDictionary<string, string> ImageUsers { get; init; } = ImmutableDictionary.Create<string, string>(StringComparer.Ordinal);
}
