using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class SeccompTests
{
    private static readonly Rule Default = Given.Rule() with { Seccomp = SecurityProfile.RuntimeDefault };
    private static readonly Rule File = Given.Rule("file") with { Seccomp = SecurityProfile.Localhost("/p/web.json") };

    [Fact]
    public void A_container_without_a_profile_gets_the_rules_profile()
    {
        var change = Default.Judge(Given.Container).TheChange();
        Assert.Equal(new Edit.Seccomp(SecurityProfile.RuntimeDefault), change.Edit);
        Assert.Equal(("config.linux.security_context.seccomp", "unset", "RuntimeDefault"), (change.Field, change.Before, change.After));
    }

    [Fact]
    public void Unconfined_is_replaced_and_the_change_says_so()
    {
        var change = File.Judge(Given.Container with { Seccomp = SecurityProfile.Unconfined }).TheChange();
        Assert.Equal(("Unconfined", "Localhost//p/web.json"), (change.Before, change.After));
    }

    [Theory]
    [InlineData(SecurityProfileKind.RuntimeDefault)]
    [InlineData(SecurityProfileKind.Localhost)]
    public void A_profile_that_was_asked_for_stays(SecurityProfileKind kind) =>
        Assert.Empty(File.Judge(Given.Container with { Seccomp = new SecurityProfile(kind, "/own.json") }).Untouched());

    [Fact]
    public void The_sandboxes_own_process_gets_the_profile_too() =>
        Assert.Equal(new Edit.Seccomp(SecurityProfile.RuntimeDefault), Default.Judge(Given.Sandbox).TheChange().Edit);

    [Fact]
    public void T_S2_a_privileged_container_is_reported_and_no_profile_is_pretended() =>
        Assert.Equal(
            ["container `web` is privileged: the runtime applies no seccomp profile"],
            Default.Judge(Given.Container.In(Given.Sandbox with { Privileged = true }) with { Privileged = true }).Untouched());

    [Fact]
    public void A_privileged_sandbox_is_reported_and_no_profile_is_pretended() =>
        Assert.Equal(
            ["pod `shop/web-0` is privileged: the runtime applies no seccomp profile"],
            Default.Judge(Given.Sandbox with { Privileged = true }).Untouched());

    [Fact]
    public void A_named_profile_goes_before_the_runtimes_own() =>
        Assert.Equal(
            SecurityProfile.Localhost("/p/web.json"),
            ((Edit.Seccomp)Engine.Evaluate(Given.Policy(Default with { Name = "a" }, File), Given.Node, Given.Container).TheChange().Edit).Profile);

    [Fact]
    public void Two_named_profiles_refuse_and_both_rules_are_named()
    {
        var everywhere = new Match { Namespaces = [new Glob("*")] };
        var other = Given.Rule("other") with { Seccomp = SecurityProfile.Localhost("/p/other.json"), Match = everywhere };
        var message = Engine.Evaluate(Given.Policy(File, other), Given.Node, Given.Container).Refusal();
        Assert.Contains("rules `file`, `other` give `/p/web.json`, `/p/other.json`", message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_audit_rule_says_what_it_would_change_and_changes_nothing()
    {
        var verdict = (Default with { Mode = RuleMode.Audit }).Judge(Given.Container);
        Assert.Equal(["container `web` asks for no seccomp profile"], verdict.Untouched());
        Assert.Equal((RuleMode.Audit, Effect.Change), (verdict.Findings[0].Mode, verdict.Findings[0].Effect));
    }
}
