using System.Collections.Immutable;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>The names of an image on the node.</summary>
public static class ImageReader
{
    /// <summary>Tags and digests; none where the node has no such image.</summary>
    public static ImmutableArray<string> Names(ImageStatusResponse response) =>
        response.Image is { } image ? [.. image.RepoTags, .. image.RepoDigests] : [];
}
