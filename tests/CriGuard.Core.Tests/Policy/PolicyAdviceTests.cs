using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Core.Tests.Policy;

public sealed class PolicyAdviceTests
{
    private static readonly Rule Lists = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Refuse, "CHOWN"), Devices = DeviceSetting.None };

    [Fact]
    public void Lists_that_privileged_containers_pass_by_are_pointed_out() => Assert.Equal(
        "rule `tenants` does not hold privileged containers to `capabilities`, `devices`, since no runtime does: add `privileged: deny` to it, or to the floor",
        Assert.Single(PolicyAdvice.Of(Given.Policy(Lists))));

    [Fact]
    public void Where_privileged_is_denied_there_is_nothing_to_say()
    {
        Assert.Empty(PolicyAdvice.Of(Given.Policy(Lists with { DeniesPrivileged = true })));
        Assert.Empty(PolicyAdvice.Of(Given.Policy(Lists, new Rule { Name = "all", DeniesPrivileged = true })));
        Assert.NotEmpty(PolicyAdvice.Of(Given.Policy(Lists, new Rule { Name = "all", DeniesPrivileged = true, Mode = RuleMode.Audit })));
        Assert.Empty(PolicyAdvice.Of(Given.Policy(Lists with { Mode = RuleMode.Audit })));
        Assert.Empty(PolicyAdvice.Of(Given.Policy(Given.Rule() with { RequiresNoNewPrivileges = true })));
    }
}
