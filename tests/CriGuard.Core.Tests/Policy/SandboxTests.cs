using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Core.Tests.Policy;

public sealed class SandboxTests
{
    private static readonly Rule Gvisor = Given.Rule("untrusted") with { Sandbox = new SandboxSetting("runsc") };

    [Theory]
    [InlineData("")]
    [InlineData("runc")]
    public void A_pod_that_asks_for_less_is_run_under_the_rules_handler(string asked)
    {
        var change = Gvisor.Judge(Given.Sandbox with { RuntimeHandler = asked }).TheChange();
        Assert.Equal(new Edit.RuntimeHandler("runsc"), change.Edit);
        Assert.Equal("runtime_handler", change.Field);
    }

    [Theory]
    [InlineData("runsc")]
    [InlineData("kata")]
    public void A_pod_that_asks_for_as_much_or_more_keeps_its_handler(string asked) =>
        Assert.Empty(Gvisor.Judge(Given.Sandbox with { RuntimeHandler = asked }).Untouched());

    [Fact]
    public void A_handler_without_a_place_in_the_order_is_refused() =>
        Assert.Contains(
            "handler `nvidia`, whose isolation is not known", Gvisor.Judge(Given.Sandbox with { RuntimeHandler = "nvidia" }).Refusal(),
            StringComparison.Ordinal);

    [Fact]
    public void A_handler_that_the_runtime_does_not_offer_refuses_the_pod() =>
        Assert.Equal(
            "criguard: pod `shop/web-0` must not run without handler `runsc`, which the runtime does not offer: forbidden by rule `untrusted` "
            + "(sandbox); set the handler up on this node, or keep the pod off it",
            Gvisor.Judge(Given.Sandbox, Given.Node with { RuntimeHandlers = ImmutableSortedSet.Create("runc") }).Refusal());

    [Fact]
    public void A_runtime_that_does_not_tell_its_handlers_offers_none() =>
        Assert.Contains(
            "does not offer", Gvisor.Judge(Given.Sandbox, Given.Node with { RuntimeHandlers = null }).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Of_two_rules_the_stronger_handler_is_taken()
    {
        var policy = Given.Policy(Gvisor, Given.Rule("a") with { Sandbox = new SandboxSetting("kata") });
        Assert.Equal(new Edit.RuntimeHandler("kata"), Engine.Evaluate(policy, Given.Node, Given.Sandbox).TheChange().Edit);
    }

    [Fact]
    public void A_container_in_a_weaker_sandbox_is_refused_since_a_running_pod_is_not_moved() =>
        Assert.Equal(
            "criguard: container `web` is in a sandbox under the runtime's default handler instead of `runsc`: forbidden by rule `untrusted` "
            + "(sandbox); delete the pod, so that it is run anew",
            Gvisor.Judge(Given.Container).Refusal());

    [Fact]
    public void A_container_in_the_right_sandbox_is_left_alone() =>
        Assert.Empty(Gvisor.Judge(Given.Container.In(Given.Sandbox with { RuntimeHandler = "runsc" })).Untouched());

    [Fact]
    public void Only_a_matching_rule_with_a_sandbox_needs_the_runtimes_handlers()
    {
        var labelled = Gvisor with { Match = new Match { PodLabels = Given.Sandbox.With(("tier", "untrusted")).Labels } };
        Assert.True(Given.Policy(labelled).NeedsHandlers(Given.Node, Given.Sandbox.With(("tier", "untrusted"))));
        Assert.False(Given.Policy(labelled).NeedsHandlers(Given.Node, Given.Sandbox));
        Assert.False(Given.Policy(Given.Rule()).NeedsHandlers(Given.Node, Given.Sandbox));
    }
}
