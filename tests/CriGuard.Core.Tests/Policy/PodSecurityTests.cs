using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>What the bundle adds to a rule; what each control of it does is in the golden cases `pss-…`.</summary>
public sealed class PodSecurityTests
{
    private static readonly Rule Restricted = Given.Rule() with { PodSecurity = PodSecurityLevel.Restricted };

    private static readonly ContainerFacts Hardened = Given.Asking(drop: ["ALL"]) with
    {
        NoNewPrivileges = true,
        Seccomp = SecurityProfile.RuntimeDefault,
        AppArmor = SecurityProfile.RuntimeDefault,
        User = UserRequest.None with { Id = 1000 },
        MaskedPaths = ProcMountSetting.Masked,
        ReadonlyPaths = ProcMountSetting.Readonly,
    };

    [Fact]
    public void A_container_as_the_standard_wants_it_passes_untouched() => Assert.Empty(Restricted.Judge(Hardened).Untouched());

    [Fact]
    public void What_the_standard_is_silent_about_is_still_the_rules_own()
    {
        var rule = Restricted with { RequiresReadOnlyRoot = true };
        Assert.Equal(new Edit.ReadOnlyRootFilesystem(), rule.Judge(Hardened).TheChange().Edit);
    }

    [Fact]
    public void Of_the_bundle_and_the_rules_own_setting_the_stricter_counts()
    {
        var lax = Restricted with { HostPorts = new HostPortsSetting([new(1, 65535)]), RunAsUser = new RunAsUserSetting(NonRoot: false, []) };
        Assert.Contains("takes port `80`", lax.Judge(Given.Sandbox with { HostPorts = [new HostPort(80, 80)] }).Refusal(), StringComparison.Ordinal);
        Assert.Contains("runs as root", lax.Judge(Hardened with { User = UserRequest.None with { Id = 0 } }).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void Findings_name_the_rule_and_the_control_that_they_are_of()
    {
        var finding = Assert.Single(Restricted.Judge(Hardened with { NoNewPrivileges = false }).Findings);
        Assert.Equal(("tenants", Control.NoNewPrivileges, Effect.Refuse), (finding.Rule, finding.Control, finding.Effect));
    }

    [Fact]
    public void The_image_is_asked_for_its_user_only_where_a_rule_needs_it()
    {
        Assert.True(Given.Policy(Restricted).NeedsImageUser);
        Assert.False(Given.Policy(Given.Rule() with { PodSecurity = PodSecurityLevel.Baseline }).NeedsImageUser);
    }
}
