using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>A mount whose content is an image.</summary>
/// <param name="ContainerPath">Where it is seen.</param>
/// <param name="HostPath">Must be empty beside an image.</param>
/// <param name="Image">The image.</param>
public sealed record ImageVolume(string ContainerPath, string HostPath, ImageFacts Image);

/// <summary>The image of a container: as the request names it, and as the node knows it.</summary>
/// <param name="Reference">`ImageSpec.image`: from a kubelet the image id.</param>
/// <param name="UserSpecified">`ImageSpec.user_specified_image`: the text of the pod's spec; empty from older kubelets and in containerd 1.6's status.</param>
public sealed record ImageFacts(string Reference, string UserSpecified)
{
    /// <summary>Tags and digests of that image on the node (`ImageStatus`): one image has many names, and a tenant chooses by which it asks (T-I1).</summary>
    public ImmutableArray<string> Names { get; init; } = [];

    /// <summary>Its USER (`ImageStatus`); null where the node has no such image, or nobody asked.</summary>
    public ImageUser? User { get; init; }

    /// <summary>Digests by which the node knows it: its id, and those of its names; never what the pod's text says.</summary>
    public IEnumerable<string> Digests => Names.Append(Reference).Select(static name => name[(name.IndexOf('@', StringComparison.Ordinal) + 1)..])
        .Where(static name => name.StartsWith("sha256:", StringComparison.Ordinal));

    /// <summary>All names that a rule may know it by.</summary>
    public IEnumerable<string> All => [Reference, .. UserSpecified.Length > 0 ? [UserSpecified] : ImmutableArray<string>.Empty, .. Names];
}
