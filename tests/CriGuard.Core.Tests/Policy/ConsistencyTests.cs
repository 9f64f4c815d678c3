using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class ConsistencyTests
{
    [Theory]
    [InlineData("/srv/logs", "/srv/logs/a_b_c", true)]
    [InlineData("/srv/logs/", "/srv/logs/a_b_c", true)]
    [InlineData("/srv/logs", "/srv/logs2/a_b_c", false)]
    [InlineData("/srv/logs", "/var/log/pods/a_b_c", false)]
    public void T_M14_logs_belong_where_the_kubelet_keeps_them(string kept, string directory, bool quiet)
    {
        var verdict = Engine.Evaluate(Given.Policy(), Given.Node with { PodLogs = kept }, Given.Sandbox with { LogDirectory = directory });

        Assert.Equal(quiet, verdict.Findings.IsEmpty);
    }

    private static readonly NamespaceModes HostNetwork = NamespaceModes.Default with { Network = NamespaceMode.Node };

    [Theory]
    [InlineData("shop", "web-0", "uid-2")]
    [InlineData("shop", "web-1", "uid-1")]
    [InlineData("other", "web-0", "uid-1")]
    public void T_C4_another_pods_configuration_is_refused_without_any_rule(string space, string name, string uid)
    {
        var verdict = Engine.Evaluate(
            CompiledPolicy.AllowAll, Given.Node, Given.Container with { Resent = Given.Sandbox with { Pod = new PodIdentity(space, name, uid) } });
        Assert.Equal(
            $"criguard: container `web` comes with the configuration of `{space}/{name}` (`{uid}`) for a sandbox of `shop/web-0` (`uid-1`): "
            + "refused by a built-in check (consistency); send the configuration that the sandbox was run with",
            verdict.Refusal());
    }

    [Fact]
    public void T_C1_edited_labels_are_reported() =>
        Assert.Equal(
            ["pod `shop/web-0` has other labels than it was run with: `added`, `changed`, `gone`"],
            Engine.Evaluate(
                CompiledPolicy.AllowAll,
                Given.Node,
                Given.Container with
                {
                    Sandbox = Given.Sandbox.With(("changed", "1"), ("gone", "1"), ("same", "1")),
                    Resent = Given.Sandbox.With(("changed", "2"), ("added", "1"), ("same", "1")),
                }).Untouched());

    [Fact]
    public void T_C1_edited_annotations_are_reported_too() =>
        Assert.Equal(
            ["pod `shop/web-0` has other annotations than it was run with: `a.example/x`"],
            Engine.Evaluate(
                CompiledPolicy.AllowAll, Given.Node,
                Given.Container with { Resent = Given.Sandbox with { Annotations = Given.Sandbox.With(("a.example/x", "1")).Labels } }).Untouched());

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void T_C1_either_copy_of_the_labels_makes_a_rule_apply(bool pinned, bool resent)
    {
        var labelled = Given.Sandbox.With(("tier", "hard"));
        var rule = Given.Rule() with { RequiresNoNewPrivileges = true, Match = new Match { PodLabels = labelled.Labels } };
        var container = Given.Container with { Sandbox = pinned ? labelled : Given.Sandbox, Resent = resent ? labelled : Given.Sandbox };
        Assert.Equal(new Edit.NoNewPrivileges(), rule.Judge(container).TheChange().Edit);
    }

    [Fact]
    public void T_C2_late_privilege_is_reported_where_privilege_is_allowed() =>
        Assert.Equal(
            ["container `web` is privileged in a sandbox that was run as not privileged"],
            Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, Given.Container with { Privileged = true }).Untouched());

    [Fact]
    public void T_C2_late_privilege_is_refused_where_privilege_is_denied()
    {
        var verdict = (Given.Rule() with { DeniesPrivileged = true }).Judge(Given.Container with { Privileged = true });
        Assert.Equal(
            [Control.Privileged, Control.Consistency], verdict.Findings.Where(static f => f.Effect == Effect.Refuse).Select(static f => f.Control));
    }

    [Fact]
    public void T_C3_a_container_that_asks_for_more_than_its_sandbox_has_is_reported_without_a_rule() =>
        Assert.Equal(
            ["container `web` asks for the node's network namespace in a sandbox that has its own"],
            Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, Given.Container with { Namespaces = HostNetwork }).Untouched());

    [Fact]
    public void T_C3_it_is_refused_under_any_rule_on_host_namespaces() =>
        Assert.Contains(
            "(consistency)",
            (Given.Rule() with { HostNamespaces = new HostNamespacesSetting(Network: false, Pid: true, Ipc: false) })
                .Judge(Given.Container with { Namespaces = HostNetwork }).Refusal(),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(NamespaceMode.Pod, 1)]
    [InlineData(NamespaceMode.Container, 1)]
    [InlineData(NamespaceMode.Node, 0)]
    [InlineData(NamespaceMode.Target, 0)]
    public void T_C3_a_container_that_asks_for_less_than_its_sandbox_shares_is_reported(NamespaceMode asked, int findings)
    {
        var sandbox = Given.Sandbox with { Namespaces = NamespaceModes.Default with { Pid = NamespaceMode.Node } };
        var container = Given.Container.BesideWeb().In(sandbox) with { Namespaces = NamespaceModes.Default with { Pid = asked } };
        Assert.Equal(findings, Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, container).Untouched().Count());
    }

    [Theory]
    [InlineData("c0de", true)]
    [InlineData("c0", false)]
    [InlineData("beef", false)]
    [InlineData("", false)]
    public void T_C3_the_processes_that_a_container_joins_are_those_of_its_own_pod(string target, bool own)
    {
        var container = Given.Container.BesideWeb() with { PidTarget = target, Namespaces = NamespaceModes.Default with { Pid = NamespaceMode.Target } };

        Assert.Equal(!own, Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, container).IsRefusal);
        Assert.True(Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, container with { Neighbours = null }).IsRefusal);
    }

    [Fact]
    public void T_C5_no_change_is_ever_about_a_namespace() =>
        Assert.DoesNotContain(typeof(Edit).GetNestedTypes(), static edit => edit.Name.Contains("Namespace", StringComparison.Ordinal) || edit.Name.Contains("Network", StringComparison.Ordinal));

    [Theory]
    [InlineData(Unaccounted.Deny, true, "")]
    [InlineData(Unaccounted.Deny, false, "refused")]
    [InlineData(Unaccounted.Deny, null, "refused")]
    [InlineData(Unaccounted.Report, true, "")]
    [InlineData(Unaccounted.Report, false, "reported")]
    [InlineData(Unaccounted.Report, null, "")]
    public void T_C8_a_container_whose_creation_is_not_on_record_is_refused_or_reported(Unaccounted unaccounted, bool? accounted, string outcome)
    {
        var policy = PolicyCompiler.Compile([new PolicyDocument { Name = "p", Unaccounted = unaccounted }, new PolicyDocument { Name = "q" }]).Policy!;
        var verdict = Engine.Evaluate(policy, Given.Node, Given.Start with { Accounted = accounted });
        Assert.Equal(outcome, verdict.IsRefusal ? "refused" : verdict.Findings.IsEmpty ? "" : "reported");
    }

    [Fact]
    public void Anomalies_of_a_request_are_reported_once()
    {
        var sandbox = Given.Sandbox with { Anomalies = [new Anomaly("config.linux", "sent twice")] };
        Assert.Equal(["sent twice"], Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, sandbox).Untouched());
        Assert.Equal(["sent twice"], Engine.Evaluate(CompiledPolicy.AllowAll, Given.Node, Given.Container.In(sandbox)).Untouched());
    }

    [Fact]
    public void T_Q4_an_unknown_method_is_refused_unless_the_policy_relays_it()
    {
        var facts = new AccessFacts { Method = "ReplacePod", Unknown = true };
        Assert.Equal(
            "criguard: method `ReplacePod` is not known to this version: refused by a built-in check (unknownMethod); update criguard, or set "
            + "`unknownMethods: relay` in the policy",
            Engine.Evaluate(Given.Compile([]), Given.Node, facts).Refusal());
        Assert.Equal(
            ["method `ReplacePod` is not known to this version"], Engine.Evaluate(Given.Compile([], UnknownMethods.Relay), Given.Node, facts).Untouched());
        Assert.Empty(Engine.Evaluate(Given.Compile([]), Given.Node, facts with { Method = "ExecSync", Unknown = false }).Untouched());
    }

    [Fact]
    public void What_a_tenant_writes_cannot_break_the_line_or_the_quotes()
    {
        var name = "a`\n\u001b[31m" + new string('x', 500);
        var message = (Given.Rule() with { DeniesPrivileged = true }).Judge(Given.Container with { Privileged = true, Name = name }).Refusal();
        Assert.StartsWith("criguard: container `a???[31mxxx", message, StringComparison.Ordinal);
        Assert.DoesNotContain(message, char.IsControl);
        Assert.InRange(message.Length, 1, Refusal.MaxMessage);
    }

    [Fact]
    public void A_name_can_not_turn_a_message_round_or_hide_in_it()
    {
        var message = (Given.Rule() with { DeniesPrivileged = true }).Judge(Given.Container with { Privileged = true, Name = "a\u202Eb\u200Bc" }).Refusal();

        Assert.Contains("`a?b?c`", message, StringComparison.Ordinal);
    }
}
