using CriGuard.Core.Policy.Images;

namespace CriGuard.Core.Tests.Policy;

public sealed class ImageNameTests
{
    private const string Digest = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    [Theory]
    [InlineData("nginx", "docker.io/library/nginx", "")]
    [InlineData("nginx:1.27", "docker.io/library/nginx", "")]
    [InlineData("team/web", "docker.io/team/web", "")]
    [InlineData("docker.io/nginx", "docker.io/library/nginx", "")]
    [InlineData("index.docker.io/library/nginx", "docker.io/library/nginx", "")]
    [InlineData("localhost/web", "localhost/web", "")]
    [InlineData("registry:5000/web", "registry:5000/web", "")]
    [InlineData("[fd00::1]:5000/web:1", "[fd00::1]:5000/web", "")]
    [InlineData("Registry.Example/a/b_c/d__e/f--g.h:v1_2.3-x", "registry.example/a/b_c/d__e/f--g.h", "")]
    [InlineData("registry.example/web:1@" + Digest, "registry.example/web", Digest)]
    [InlineData("registry.example/web@" + Digest, "registry.example/web", Digest)]
    [InlineData("sha256:01", "docker.io/library/sha256", "")]
    public void A_reference_is_read_as_clients_read_it(string text, string repository, string digest)
    {
        Assert.True(ImageName.TryParse(text, out var name));
        Assert.Equal((repository, digest), (name.Repository, name.Digest));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/var/lib/web.tar")]
    [InlineData("./web")]
    [InlineData("../web")]
    [InlineData("a/../b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a/B")]
    [InlineData("a b")]
    [InlineData("a.-b")]
    [InlineData("a___b")]
    [InlineData("-a")]
    [InlineData("a:")]
    [InlineData("a:-1")]
    [InlineData("a:1:2")]
    [InlineData("a@")]
    [InlineData("a@sha256:12")]
    [InlineData("a@b@" + Digest)]
    [InlineData("registry.example:port/web")]
    [InlineData("-registry.example/web")]
    [InlineData("[fd00::1/web")]
    [InlineData("web\0")]
    [InlineData("é")]
    public void What_is_none_is_none(string text) => Assert.False(ImageName.TryParse(text, out _));

    [Theory]
    [InlineData(Digest, true)]
    [InlineData("2222222222222222222222222222222222222222222222222222222222222222", true)]
    [InlineData("sha256:22", false)]
    [InlineData("sha256:222222222222222222222222222222222222222222222222222222222222222G", false)]
    [InlineData("nginx", false)]
    public void An_id_is_told_from_a_reference(string text, bool isId) => Assert.Equal(isId, ImageName.IsId(text));

    [Theory]
    [InlineData("registry.example", "registry.example/web", true)]
    [InlineData("registry.example", "registry.example:5000/web", false)]
    [InlineData("registry.example", "registry.example.evil/web", false)]
    [InlineData("*.example", "registry.example/web", true)]
    [InlineData("*.example/team/*", "registry.example/team/web", true)]
    [InlineData("*.example/team/*", "evil.io/registry.example/team/web", false)]
    [InlineData("registry.example/team/*", "registry.example/teams/web", false)]
    [InlineData("docker.io/library/*", "nginx", true)]
    public void A_star_does_not_reach_from_the_host_into_the_path(string source, string text, bool matches)
    {
        Assert.True(ImageName.TryParse(text, out var name));
        Assert.Equal(matches, new ImageSource(source).Matches(name));
    }
}
