using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Core.Tests.Policy;

public sealed class CapabilityTests
{
    /// <summary>containerd's default set: nothing is dropped for its own sake.</summary>
    private static readonly string[] Defaults = [.. CapabilitySet.RuntimeDefault.Names()];

    private static readonly Rule Refusing = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Refuse, Defaults) };
    private static readonly Rule Fixing = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Fix, Defaults) };
    private static readonly Rule AllowingAll = Given.Rule() with { Capabilities = new CapabilitySetting(CapabilitySet.All, CapabilityAction.Refuse) };

    [Fact]
    public void A_request_within_the_list_is_left_byte_for_byte() =>
        Assert.Empty(Refusing.Judge(Given.Asking(add: ["NET_RAW"], drop: ["MKNOD"])).Untouched());

    [Fact]
    public void A_capability_beyond_the_list_is_refused_with_the_remedy() =>
        Assert.Equal(
            "criguard: container `web` asks for capability `SYS_ADMIN`: forbidden by rule `tenants` (capabilities); take it out of "
            + "`securityContext.capabilities.add`",
            Refusing.Judge(Given.Asking(add: ["SYS_ADMIN"])).Refusal());

    [Theory]
    [InlineData("sys_admin")]
    [InlineData("CAP_SYS_ADMIN")]
    [InlineData("cap_Sys_Admin")]
    public void T_U1_no_spelling_gets_past_the_list(string name) =>
        Assert.Contains("`SYS_ADMIN`", Refusing.Judge(Given.Asking(add: [name])).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void T_U1_a_drop_that_containerd_would_not_understand_is_written_so_that_it_drops()
    {
        var change = Refusing.Judge(Given.Asking(drop: ["CAP_NET_RAW"])).TheChange();
        Assert.Equal(["NET_RAW"], ((Edit.Capabilities)change.Edit).Drop.AsEnumerable());
    }

    [Theory]
    [InlineData("CAP_CAP_SYS_ADMIN")]
    [InlineData("CAP_ALL")]
    [InlineData("NET-RAW")]
    [InlineData("")]
    public void A_name_that_no_runtime_knows_is_refused_even_as_a_drop(string name)
    {
        Assert.Contains("unknown capabilities", Fixing.Judge(Given.Asking(add: [name])).Refusal(), StringComparison.Ordinal);
        Assert.Contains("unknown capabilities", Fixing.Judge(Given.Asking(drop: [name])).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void T_U2_a_capability_that_is_added_and_dropped_is_not_held() =>
        Assert.Empty(Refusing.Judge(Given.Asking(add: ["SYS_ADMIN"], drop: ["SYS_ADMIN"])).Untouched());

    [Fact]
    public void T_U3_the_runtimes_default_is_cut_to_the_list_without_a_request()
    {
        var rule = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Refuse, [.. Defaults.Except(["NET_RAW", "MKNOD"])]) };
        var change = rule.Judge(Given.Container).TheChange();
        Assert.Equal(("unset", "drop NET_RAW MKNOD"), (change.Before, change.After));
    }

    [Fact]
    public void An_empty_list_drops_everything()
    {
        var rule = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Refuse) };
        Assert.Equal("drop ALL", rule.Judge(Given.Container).TheChange().After);
        Assert.Empty(rule.Judge(Given.Asking(drop: ["ALL"])).Untouched());
    }

    [Fact]
    public void T_U4_an_ambient_capability_is_judged_as_an_add() =>
        Assert.Contains("`SYS_PTRACE`", Refusing.Judge(Given.Asking(ambient: ["SYS_PTRACE"])).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void Fixing_takes_out_what_is_beyond_and_keeps_the_rest()
    {
        var change = Fixing.Judge(Given.Asking(add: ["SYS_ADMIN", "NET_RAW"], drop: ["MKNOD"])).TheChange();
        Assert.Equal(("add SYS_ADMIN NET_RAW; drop MKNOD", "add NET_RAW; drop MKNOD"), (change.Before, change.After));
    }

    [Fact]
    public void All_is_refused_or_becomes_the_list()
    {
        Assert.Contains("asks for all capabilities", Refusing.Judge(Given.Asking(add: ["all"])).Refusal(), StringComparison.Ordinal);
        var rule = Given.Rule() with { Capabilities = Given.Allow(CapabilityAction.Fix, "CHOWN", "NET_ADMIN") };
        Assert.Equal("add CHOWN; drop ALL", rule.Judge(Given.Asking(add: ["ALL"], drop: ["NET_ADMIN"])).TheChange().After);
    }

    [Fact]
    public void Adding_all_and_dropping_all_leaves_what_is_named() =>
        Assert.Empty(Refusing.Judge(Given.Asking(add: ["ALL", "CHOWN"], drop: ["ALL"])).Untouched());

    [Fact]
    public void SYS_MODULE_is_refused_even_where_all_are_allowed() =>
        Assert.Contains("`SYS_MODULE`", AllowingAll.Judge(Given.Asking(add: ["SYS_MODULE"])).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void All_where_all_are_allowed_is_all_but_SYS_MODULE() =>
        Assert.Equal("add ALL; drop SYS_MODULE", AllowingAll.Judge(Given.Asking(add: ["ALL"])).TheChange().After);

    [Fact]
    public void Several_rules_allow_what_each_of_them_allows()
    {
        var policy = Given.Policy(Fixing, Given.Rule("few") with { Capabilities = Given.Allow(CapabilityAction.Fix, "CHOWN", "SYS_ADMIN") });
        Assert.Equal(
            "add CHOWN; drop ALL", Engine.Evaluate(policy, Given.Node, Given.Asking(add: ["SYS_ADMIN", "CHOWN"], drop: ["ALL"])).TheChange().After);
    }

    [Fact]
    public void Refusing_goes_before_fixing()
    {
        var policy = Given.Policy(Fixing with { Name = "a" }, Refusing with { Name = "b" });
        Assert.Contains("rule `b`", Engine.Evaluate(policy, Given.Node, Given.Asking(add: ["BPF"])).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void T_U10_a_privileged_container_is_reported_and_no_list_is_pretended() =>
        Assert.Equal(
            ["container `web` is privileged: the runtime gives it every capability, whatever is listed"],
            Refusing.Judge(Given.Asking(add: ["SYS_ADMIN"]).In(Given.Sandbox with { Privileged = true }) with { Privileged = true }).Untouched());

    [Fact]
    public void Without_a_rule_no_spelling_is_touched() =>
        Assert.Empty(Given.Rule().Judge(Given.Asking(add: ["CAP_SYS_MODULE", "what"], drop: ["CAP_X"])).Untouched());

    [Fact]
    public void Every_number_of_the_kernels_table_has_its_name()
    {
        Assert.Equal(41, CapabilityNames.Count);
        Assert.Equal(
            ("SYS_MODULE", "SYS_ADMIN", "SETFCAP", "CHECKPOINT_RESTORE"),
            (CapabilityNames.Of(16), CapabilityNames.Of(21), CapabilityNames.Of(31), CapabilityNames.Of(40)));
    }
}
