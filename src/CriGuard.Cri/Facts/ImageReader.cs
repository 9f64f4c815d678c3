using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>An image: as requests name it, and what the node knows of it, its names and the user that it runs as.</summary>
public static class ImageReader
{
    /// <summary>As a request names it.</summary>
    public static ImageFacts Read(ImageSpec? spec) => new(spec?.Image ?? "", spec?.UserSpecifiedImage ?? "");

    /// <summary>Tags and digests; none where the node has no such image.</summary>
    public static ImmutableArray<string> Names(ImageStatusResponse response) =>
        response.Image is { } image ? [.. image.RepoTags, .. image.RepoDigests] : [];

    /// <summary>The image with all that the node knows of it.</summary>
    public static ImageFacts Read(ImageFacts asked, ImageStatusResponse response) => asked with { Names = Names(response), User = User(response.Image) };

    /// <summary>Of an image without USER the service tells neither: that is root.</summary>
    private static ImageUser? User(Image? image) => image switch
    {
        null => null,
        { Uid: null, Username: "" } => ImageUser.Root,
        _ => new ImageUser(image.Uid?.Value, image.Username),
    };
}
