using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class AppArmorTests
{
    private static readonly Rule Default = Given.Rule() with { AppArmor = SecurityProfile.RuntimeDefault };
    private static readonly Rule Named = Given.Rule() with { AppArmor = SecurityProfile.Localhost("tenant") };
    private static readonly Rule NotLoaded = Given.Rule() with { AppArmor = SecurityProfile.Localhost("gone") };
    private static readonly ContainerFacts Privileged = Given.Container.In(Given.Sandbox with { Privileged = true }) with { Privileged = true };

    [Fact]
    public void A_container_without_a_profile_gets_the_rules_profile() =>
        Assert.Equal(new Edit.AppArmor(SecurityProfile.Localhost("tenant")), Named.Judge(Given.Container).TheChange().Edit);

    [Fact]
    public void Unconfined_is_replaced() =>
        Assert.Equal("Unconfined", Default.Judge(Given.Container with { AppArmor = SecurityProfile.Unconfined }).TheChange().Before);

    [Fact]
    public void A_loaded_profile_that_was_asked_for_stays() =>
        Assert.Empty(Default.Judge(Given.Container with { AppArmor = SecurityProfile.Localhost("tenant") }).Untouched());

    [Fact]
    public void T_A2_a_profile_that_is_not_enforced_is_refused() =>
        Assert.Equal(
            "criguard: container `web` asks for AppArmor profile `complain`, which is not loaded in enforce mode: forbidden by rule `tenants` "
            + "(appArmor); load it in enforce mode on the node, or ask for `RuntimeDefault`",
            Default.Judge(Given.Container with { AppArmor = SecurityProfile.Localhost("complain") }).Refusal());

    [Fact]
    public void T_A3_a_named_profile_reaches_a_privileged_container() =>
        Assert.Equal(
            new Edit.AppArmor(SecurityProfile.Localhost("tenant")),
            Named.Judge(Privileged with { AppArmor = SecurityProfile.RuntimeDefault }).TheChange().Edit);

    [Fact]
    public void T_A3_the_default_profile_does_not_reach_a_privileged_container_and_is_not_pretended() =>
        Assert.Equal(["container `web` is privileged: the runtime applies no default AppArmor profile"], Default.Judge(Privileged).Untouched());

    [Fact]
    public void T_A4_a_node_without_AppArmor_is_reported() =>
        Assert.Equal(
            ["container `web` runs without AppArmor: this node has it switched off"],
            Default.Judge(Given.Container, Given.Node with { AppArmorProfiles = null }).Untouched());

    [Fact]
    public void A_rules_profile_that_is_not_loaded_is_reported_and_not_given() =>
        Assert.Equal(["profile `gone` is not loaded in enforce mode: container `web` is not given it"], NotLoaded.Judge(Given.Container).Untouched());

    [Fact]
    public void T_A3_a_privileged_container_gets_the_profile_for_its_kind()
    {
        var rule = Default with { AppArmorOfPrivileged = SecurityProfile.Localhost("tenant") };

        Assert.Equal(new Edit.AppArmor(SecurityProfile.Localhost("tenant")), rule.Judge(Privileged).TheChange().Edit);
        Assert.Equal(new Edit.AppArmor(SecurityProfile.RuntimeDefault), rule.Judge(Given.Container).TheChange().Edit);
    }

    [Fact]
    public void T_A4_a_rule_can_refuse_what_the_node_can_not_confine()
    {
        var (off, rule) = (Given.Node with { AppArmorProfiles = null }, NotLoaded with { RefusesWithoutAppArmor = true });

        Assert.Contains("this node has it switched off", rule.Judge(Given.Container, off).Refusal(), StringComparison.Ordinal);
        Assert.Contains("profile `gone` is not loaded in enforce mode", rule.Judge(Given.Container).Refusal(), StringComparison.Ordinal);
        Assert.Contains("no default AppArmor profile", (Default with { RefusesWithoutAppArmor = true }).Judge(Privileged).Refusal(), StringComparison.Ordinal);
        Assert.Contains("switched off", rule.Judge(Given.Start with { Spec = Given.Spec with { AppArmorProfile = "" } }, off).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void T_A2_a_profile_that_left_enforce_mode_since_the_create_is_refused_at_the_start() =>
        Assert.Contains(
            "would start under AppArmor profile `loose`, which is not loaded in enforce mode",
            Default.Judge(Given.Start with { Spec = Given.Spec with { AppArmorProfile = "loose" } }).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_profile_that_is_not_loaded_does_not_shadow_another_rules_default()
    {
        var policy = Given.Policy(NotLoaded with { Name = "gone" }, Default);
        Assert.Equal(new Edit.AppArmor(SecurityProfile.RuntimeDefault), Engine.Evaluate(policy, Given.Node, Given.Container).TheChange().Edit);
    }
}
