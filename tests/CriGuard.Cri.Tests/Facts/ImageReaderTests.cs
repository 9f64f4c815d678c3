using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Tests.Facts;

public sealed class ImageReaderTests
{
    [Fact]
    public void Tags_and_digests_are_names_of_the_image()
    {
        var response = new ImageStatusResponse { Image = new Image { Id = "sha256:1", RepoTags = { "a/b:1" }, RepoDigests = { "a/b@sha256:2" } } };

        Assert.Equal<IEnumerable<string>>(["a/b:1", "a/b@sha256:2"], ImageReader.Names(response));
    }

    [Fact]
    public void An_image_that_the_node_lacks_has_no_names() => Assert.Empty(ImageReader.Names(new ImageStatusResponse()));
}
