using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>T-C6: what the runtime will really start, whatever was asked.</summary>
public sealed class StartTests
{
    private static readonly Rule Strict = Given.Rule() with
    {
        Seccomp = SecurityProfile.RuntimeDefault,
        AppArmor = SecurityProfile.RuntimeDefault,
        Capabilities = Given.Allow(CapabilityAction.Fix, "CHOWN"),
        DeniesPrivileged = true,
        HostNamespaces = HostNamespacesSetting.All,
        RequiresNoNewPrivileges = true,
    };

    [Fact]
    public void A_spec_that_meets_every_demand_starts() => Assert.Empty(Strict.Judge(Given.Start).Untouched());

    [Fact]
    public void T_C6_P2_Q3_each_demand_that_the_spec_does_not_meet_refuses()
    {
        Refuses(Control.Seccomp, Given.Spec with { SeccompDefaultAction = null });
        Refuses(Control.AppArmor, Given.Spec with { AppArmorProfile = "" });
        Refuses(Control.AppArmor, Given.Spec with { AppArmorProfile = "unconfined" });
        Refuses(Control.Capabilities, Given.Spec with { Capabilities = Given.Spec.Capabilities.Add("CAP_SYS_ADMIN") });
        Refuses(Control.Capabilities, Given.Spec with { Capabilities = Given.Spec.Capabilities.Add("CAP_41") });
        Refuses(Control.Privileged, Given.Spec with { MaskedPaths = [] });
        Refuses(Control.HostNamespaces, Given.Spec with { OwnNamespaces = Given.Spec.OwnNamespaces.Remove("pid") });
        Refuses(Control.NoNewPrivileges, Given.Spec with { NoNewPrivileges = false });
    }

    [Fact]
    public void SYS_MODULE_does_not_start_even_where_all_are_allowed()
    {
        var rule = Given.Rule() with { Capabilities = new CapabilitySetting(Core.Policy.Capabilities.CapabilitySet.All, CapabilityAction.Fix) };
        Assert.Contains(
            "`CAP_SYS_MODULE`",
            rule.Judge(Given.Start with { Spec = Given.Spec with { Capabilities = ImmutableSortedSet.Create("CAP_SYS_MODULE") } }).Refusal(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_that_does_not_tell_the_spec_is_refused_where_a_rule_needs_it()
    {
        Assert.Contains(
            "does not tell the effective spec of container `web`", Strict.Judge(Given.Start with { Spec = null }).Refusal(),
            StringComparison.Ordinal);
        Assert.Empty((Given.Rule() with { Sandbox = new SandboxSetting(IsolationLevel.Runc) })
            .Judge(Given.Start with { Spec = null, Sandbox = Given.Sandbox with { RuntimeHandler = "runc" } }).Untouched());
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(null, true)]
    public void T_S2_a_privileged_container_that_was_let_in_is_not_stopped_for_what_privilege_takes_away(bool? container, bool? sandbox)
    {
        var rule = Strict with { DeniesPrivileged = false };
        var all = ImmutableSortedSet.Create("CAP_SYS_ADMIN");
        var spec = Given.Spec with { SeccompDefaultAction = null, AppArmorProfile = "", Capabilities = all, MaskedPaths = [] };
        var start = Given.Start with { Privileged = container, Sandbox = Given.Sandbox with { Privileged = sandbox }, Spec = spec };
        Assert.Equal(3, rule.Judge(start).Untouched().Count());
    }

    [Fact]
    public void A_container_that_is_not_privileged_gains_nothing_from_a_privileged_sandbox() =>
        Assert.Contains("(seccomp)", (Strict with { DeniesPrivileged = false }).Judge(
            Given.Start with
            {
                Privileged = false,
                Sandbox = Given.Sandbox with { Privileged = true },
                Spec = Given.Spec with { SeccompDefaultAction = null },
            }).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void A_container_in_a_weaker_sandbox_does_not_start() =>
        Assert.Contains(
            "(sandbox)", (Given.Rule() with { Sandbox = new SandboxSetting(IsolationLevel.Gvisor) }).Judge(Given.Start).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void AppArmor_is_not_asked_of_a_node_that_has_none() =>
        Assert.Empty(Strict.Judge(
            Given.Start with { Spec = Given.Spec with { AppArmorProfile = "" } }, Given.Node with { AppArmorProfiles = null }).Untouched());

    private static void Refuses(Control control, EffectiveSpec spec)
    {
        var verdict = Strict.Judge(Given.Start with { Spec = spec });
        Assert.NotEmpty(verdict.Refusal());
        Assert.Equal([control], verdict.Findings.Where(static f => f.Effect == Effect.Refuse).Select(static f => f.Control));
    }
}
