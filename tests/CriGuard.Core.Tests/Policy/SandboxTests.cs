using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class SandboxTests
{
    private static readonly UserNamespaceRequest Own = new(OfTheNode: false, [new(1 << 16, 0, 1 << 16)], [new(1 << 16, 0, 1 << 16)]);

    private static readonly Rule Gvisor = Given.Rule("untrusted") with { Sandbox = new SandboxSetting(IsolationLevel.Gvisor) };

    [Theory]
    [InlineData("")]
    [InlineData("runc")]
    public void A_pod_that_asks_for_less_is_run_under_the_levels_handler(string asked)
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

    [Theory]
    [InlineData("", "the runtime's default handler")]
    [InlineData("runc", "handler `runc`")]
    public void A_rule_may_refuse_a_pod_that_asks_for_less_instead_of_raising_it(string asked, string named) =>
        Assert.Equal(
            $"criguard: pod `shop/web-0` asks for {named} and must ask for `gvisor` or stronger: forbidden by rule `untrusted` (sandbox); "
            + "set `runtimeClassName` to one whose handler is `runsc`",
            (Gvisor with { Sandbox = Gvisor.Sandbox! with { RefusesWeaker = true } }).Judge(Given.Sandbox with { RuntimeHandler = asked }).Refusal());

    [Fact]
    public void A_handler_that_the_table_does_not_have_is_refused() =>
        Assert.Contains(
            "handler `nvidia`, whose isolation is not known", Gvisor.Judge(Given.Sandbox with { RuntimeHandler = "nvidia" }).Refusal(),
            StringComparison.Ordinal);

    [Fact]
    public void T_H6_a_handler_that_the_runtime_does_not_offer_refuses_the_pod() =>
        Assert.Equal(
            "criguard: pod `shop/web-0` must not run without handler `runsc`, which the runtime does not offer: forbidden by rule `untrusted` "
            + "(sandbox); set the handler up on this node, or keep the pod off it",
            Gvisor.Judge(Given.Sandbox, Given.Node with { RuntimeHandlers = ImmutableSortedSet.Create("runc") }).Refusal());

    [Fact]
    public void A_runtime_that_does_not_tell_its_handlers_offers_none() =>
        Assert.Contains(
            "does not offer", Gvisor.Judge(Given.Sandbox, Given.Node with { RuntimeHandlers = null }).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Of_two_rules_the_stronger_level_is_taken()
    {
        var policy = Given.Policy(Gvisor, Given.Rule("a") with { Sandbox = new SandboxSetting(IsolationLevel.Kata) });
        Assert.Equal(new Edit.RuntimeHandler("kata"), Engine.Evaluate(policy, Given.Node, Given.Sandbox).TheChange().Edit);
    }

    [Fact]
    public void Of_two_handlers_of_a_level_the_first_is_given_and_the_other_kept()
    {
        var table = new HandlerTable([new("runsc-kvm", IsolationLevel.Gvisor), new("runsc", IsolationLevel.Gvisor)]);
        Assert.Equal("runsc-kvm", table.Given(IsolationLevel.Gvisor, Given.Sandbox)!.Name);
        Assert.Equal("runsc", table.Given(IsolationLevel.Gvisor, Given.Sandbox with { RuntimeHandler = "runsc" })!.Name);
    }

    [Fact]
    public void Users_of_its_own_raise_a_pod_by_one_level_and_no_handler_gives_them()
    {
        var rule = Given.Rule("own-users") with { Sandbox = new SandboxSetting(IsolationLevel.Userns) };
        Assert.Empty(rule.Judge(Given.Sandbox with { RuntimeHandler = "runc", UserNamespace = Own }).Untouched());
        Assert.Equal(new Edit.RuntimeHandler("runc"), rule.Judge(Given.Sandbox with { UserNamespace = Own }).TheChange().Edit);
        Assert.Contains("has no user namespace of its own", rule.Judge(Given.Sandbox with { RuntimeHandler = "runc" }).Refusal(), StringComparison.Ordinal);
        Assert.Empty(rule.Judge(Given.Sandbox with { RuntimeHandler = "kata" }).Untouched());
    }

    [Fact]
    public void What_the_handler_cannot_serve_is_refused_in_the_name_of_the_rule_that_demands_most()
    {
        var policy = Given.Policy(Gvisor, Given.Rule("a") with { Sandbox = new SandboxSetting(IsolationLevel.Runc) });
        var container = Given.Container.In(Given.Sandbox with { RuntimeHandler = "runsc" }) with { Privileged = true };
        Assert.Contains("forbidden by rule `untrusted` (sandbox)", Engine.Evaluate(policy, Given.Node, container).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_in_a_weaker_sandbox_is_refused_since_a_running_pod_is_not_moved() =>
        Assert.Equal(
            "criguard: container `web` is in a sandbox under the runtime's default handler instead of `gvisor`: forbidden by rule `untrusted` "
            + "(sandbox); delete the pod, so that it is run anew",
            Gvisor.Judge(Given.Container).Refusal());

    [Fact]
    public void A_container_in_the_right_sandbox_is_left_alone() =>
        Assert.Empty(Gvisor.Judge(Given.Container.In(Given.Sandbox with { RuntimeHandler = "runsc" })).Untouched());

    [Fact]
    public void T_C1_a_label_that_was_edited_later_says_when_it_takes_effect_and_does_nothing_else()
    {
        var labelled = Gvisor with { Match = new Match { PodLabels = Given.Sandbox.With(("tier", "untrusted")).Labels } };
        var edited = Given.Container with { Resent = Given.Sandbox.With(("tier", "untrusted")) };
        Assert.Contains("pod `shop/web-0` was edited since it was run: `gvisor` takes effect when it is run anew", labelled.Judge(edited).Untouched());
        var pinned = Given.Container with { Sandbox = edited.Resent!, Resent = Given.Sandbox };
        Assert.Contains("is in a sandbox under the runtime's default handler", labelled.Judge(pinned).Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("runsc", "", true)]
    [InlineData("kata", "runsc", true)]
    [InlineData("runsc", "kata", false)]
    [InlineData("", "runc", false)]
    [InlineData("nvidia", "", false)]
    public void A_sandbox_that_is_weaker_than_the_one_before_is_reported(string before, string now, bool weaker)
    {
        var facts = Given.Sandbox with { RuntimeHandler = now, Before = Given.Sandbox with { RuntimeHandler = before } };
        Assert.Equal(weaker, Given.Rule().Judge(facts).Untouched().Any(static m => m.EndsWith(" before", StringComparison.Ordinal)));
    }

    [Fact]
    public void Only_a_matching_rule_with_a_sandbox_needs_the_runtimes_handlers()
    {
        var labelled = Gvisor with { Match = new Match { PodLabels = Given.Sandbox.With(("tier", "untrusted")).Labels } };
        Assert.True(Given.Policy(labelled).NeedsHandlers(Given.Node, Given.Sandbox.With(("tier", "untrusted"))));
        Assert.False(Given.Policy(labelled).NeedsHandlers(Given.Node, Given.Sandbox));
        Assert.False(Given.Policy(Given.Rule()).NeedsHandlers(Given.Node, Given.Sandbox));
    }
}
