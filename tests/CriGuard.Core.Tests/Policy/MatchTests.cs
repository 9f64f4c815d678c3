using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class MatchTests
{
    [Theory]
    [InlineData("*", "", true)]
    [InlineData("dev", "dev", true)]
    [InlineData("dev", "dev2", false)]
    [InlineData("team-*", "team-", true)]
    [InlineData("team-*", "my-team-a", false)]
    [InlineData("*-a", "team-a", true)]
    [InlineData("a*a", "a", false)]
    [InlineData("a*b*c", "aXbYbZc", true)]
    [InlineData("a*b*c", "acb", false)]
    [InlineData("*ab*ab*", "ab", false)]
    [InlineData("a**b", "ab", true)]
    [InlineData("a?c", "abc", false)]
    [InlineData("", "", true)]
    public void A_glob_knows_stars_and_nothing_else(string pattern, string text, bool matches) =>
        Assert.Equal(matches, new Glob(pattern).Matches(text));

    [Fact]
    public void Every_key_must_match()
    {
        var match = new Match { Namespaces = [new Glob("dev"), new Glob("shop")], PodLabels = Given.Sandbox.With(("tier", "web")).Labels };
        Assert.True(Applies(match, Given.Container.In(Given.Sandbox.With(("tier", "web"), ("more", "1")))));
        Assert.False(Applies(match, Given.Container.In(Given.Sandbox.With(("tier", "db")))));
        Assert.False(Applies(match, Given.Container));
        Assert.False(
            Applies(match, Given.Container.In(Given.Sandbox.With(("tier", "web")) with { Pod = new PodIdentity("prod", "web-0", "uid-1") })));
    }

    [Fact]
    public void A_star_asks_only_that_the_label_is_there()
    {
        var match = new Match { PodLabels = Given.Sandbox.With(("tier", "*")).Labels };
        Assert.True(Applies(match, Given.Container.In(Given.Sandbox.With(("tier", "")))));
        Assert.False(Applies(match, Given.Container));
    }

    [Theory]
    [InlineData("sha256:0123", "registry.example/web:1", true)]
    [InlineData("registry.example/web:1", "", true)]
    [InlineData("registry.example/web:1", "evil.example/web:1", true)]
    [InlineData("sha256:0123", "evil.example/web:1", false)]
    public void An_image_is_judged_by_the_pods_text_and_by_the_reference(string reference, string specified, bool applies) =>
        Assert.Equal(applies, AppliesToImage(new ImageFacts(reference, specified)));

    [Fact]
    public void T_I1_an_image_is_judged_by_every_name_that_the_node_has_for_it()
    {
        var image = new ImageFacts("sha256:0123", "evil.example/web:1");

        Assert.True(AppliesToImage(image with { Names = ["other.example/web:1", "registry.example/web@sha256:45"] }));
        Assert.False(AppliesToImage(image with { Names = ["other.example/web:1"] }));
    }

    [Fact]
    public void A_rule_on_images_is_not_about_sandboxes() =>
        Assert.Empty((Given.Rule() with { DeniesPrivileged = true, Match = new Match { Images = [new Glob("*")] } })
            .Judge(Given.Sandbox with { Privileged = true }).Untouched());

    private static bool AppliesToImage(ImageFacts image) =>
        Applies(new Match { Images = [new Glob("registry.example/*")] }, Given.Container with { Image = image });

    private static bool Applies(Match match, ContainerFacts container) =>
        Engine.Evaluate(Given.Policy(Given.Rule() with { Match = match, RequiresNoNewPrivileges = true }), Given.Node, container).Changes.Length == 1;
}
