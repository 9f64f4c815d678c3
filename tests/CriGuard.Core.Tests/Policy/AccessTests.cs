using System.Collections.Immutable;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

/// <summary>Calls that enter, resize or checkpoint what runs already.</summary>
public sealed class AccessTests
{
    private static readonly Rule NoExec = Given.Rule() with { Access = new AccessSetting(AccessDemand.Deny, null, null, null) };
    private static readonly NodeFacts Kubelet = Given.Node with { Caller = new Caller(Pid: 7, Uid: 0, "/usr/local/bin/kubelet") };

    private static readonly Rule BelowKubelet = Given.Rule() with
    {
        Checkpoints = new CheckpointsSetting(["/var/lib/kubelet/checkpoints"], CheckpointsSetting.Kubelet),
    };

    [Theory]
    [InlineData("Exec", true)]
    [InlineData("ExecSync", false)]
    [InlineData("Attach", false)]
    [InlineData("PortForward", false)]
    public void A_denied_way_in_is_that_one_alone(string method, bool refused) =>
        Assert.Equal(refused, NoExec.Judge(Given.Exec with { Method = method }).IsRefusal);

    [Theory]
    [InlineData(true, "which is privileged")]
    [InlineData(null, "of which the runtime does not tell whether it is privileged")]
    public void T_U12_a_privileged_container_is_not_entered_and_neither_is_one_of_unknown_privilege(bool? privileged, string why) =>
        Assert.Equal(
            $"criguard: command inside of container `web`, {why}: forbidden by rule `tenants` (access); set `securityContext.privileged` to false, or "
            + "ask the node's owner for an exception",
            Unprivileged.Judge(Given.Exec with { Privileged = privileged }).Refusal());

    [Fact]
    public void T_U12_one_without_privileges_is_entered() =>
        Assert.Equal(["command inside of container `web`"], Unprivileged.Judge(Given.Exec with { Privileged = false }).Untouched());

    [Fact]
    public void T_E1_a_container_that_the_runtime_does_not_know_is_not_entered_where_any_rule_denies()
    {
        var rule = NoExec with { Match = new Match { Namespaces = [new Glob("elsewhere")], Containers = [new Glob("db")] } };
        Assert.Empty(rule.Judge(Given.Exec).Untouched());
        Assert.Contains(
            "container `c0de`, of which the runtime does not tell the pod", rule.Judge(Given.Exec with { Sandbox = null, ContainerName = null, Image = null }).Refusal(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_exception_opens_the_way_in_that_it_names_and_says_so()
    {
        var exception = new ExceptionEntry
        {
            Name = "debug", Control = Control.Access, Match = new Match { Namespaces = [new Glob("shop")] }, Allow = ["exec"],
            Reason = "r", Owner = "o", Expires = DateTimeOffset.MaxValue,
        };
        var rule = Given.Rule() with { Access = new AccessSetting(AccessDemand.Deny, AccessDemand.Deny, null, null) };
        var reading = PolicyCompiler.Compile([new PolicyDocument { Name = "p", Rules = [rule], Exceptions = [exception] }]);
        var node = Given.Node with { Now = DateTimeOffset.UnixEpoch };

        Assert.Contains("allows `exec` too by an exception", Assert.Single(Engine.Evaluate(reading.Policy!, node, Given.Exec).Untouched()), StringComparison.Ordinal);
        Assert.True(Engine.Evaluate(reading.Policy!, node, Given.Exec with { Method = "ExecSync" }).IsRefusal);
        Assert.True(Engine.Evaluate(reading.Policy!, node, Given.Exec with { Sandbox = null }).IsRefusal, "an exception is for a pod that is known");
        Assert.Empty(Engine.Evaluate(reading.Policy!, node, Given.Container).Findings);
    }

    [Fact]
    public void T_R1_files_of_the_cgroup_that_are_not_listed_are_refused()
    {
        var rule = Given.Rule() with { Updates = new UpdatesSetting(Denied: false, [new Glob("memory.*")], []) };
        Assert.Empty(rule.Judge(Update("UpdateContainerResources", ["memory.high"], [])).Untouched());
        Assert.Contains(
            "update of container `web` sets files of its cgroup `io.latency`", rule.Judge(Update("UpdateContainerResources", ["io.latency", "memory.high"], [])).Refusal(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("UpdateContainerResources")]
    [InlineData("UpdatePodSandboxResources")]
    public void T_R2_updates_of_pods_are_held_to_the_same(string method)
    {
        var denied = Given.Rule() with { Updates = UpdatesSetting.Deny };
        Assert.True(denied.Judge(Update(method, [], [])).IsRefusal);
        Assert.True((Given.Rule() with { Updates = new UpdatesSetting(Denied: false, [], []) }).Judge(Update(method, ["cpu.max"], [])).IsRefusal);
    }

    [Fact]
    public void T_N12_annotations_of_an_update_are_held_to_a_list()
    {
        var rule = Given.Rule() with { Updates = new UpdatesSetting(Denied: false, [], [new Glob("resize.example/*")]) };
        Assert.Empty(rule.Judge(Update("UpdateContainerResources", [], ["resize.example/step"])).Untouched());
        Assert.Contains(
            "sets annotations `devices.nri.io/x`", rule.Judge(Update("UpdateContainerResources", [], ["devices.nri.io/x"])).Refusal(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/var/lib/kubelet/checkpoints/checkpoint-web.tar", true)]
    [InlineData("/var/lib/kubelet/checkpoints/pod/a", true)]
    [InlineData("/var/lib/kubelet/checkpoints", false)]
    [InlineData("/var/lib/kubelet/checkpoints/", false)]
    [InlineData("/var/lib/kubelet/checkpoints/../pods/uid/volumes/a.tar", false)]
    [InlineData("/var/lib/kubelet/checkpoints/./a.tar", false)]
    [InlineData("/var/lib/kubelet/checkpoints//a.tar", false)]
    [InlineData("/var/lib/kubelet/checkpoints-of-mine/a.tar", false)]
    [InlineData("var/lib/kubelet/checkpoints/a.tar", false)]
    [InlineData("registry.example/checkpoint:1", false)]
    [InlineData("", false)]
    public void T_P4_a_checkpoint_is_written_only_below_the_directories_of_the_rule(string path, bool allowed) =>
        Assert.Equal(allowed, !BelowKubelet.Judge(Checkpoint(path), Kubelet).IsRefusal);

    [Theory]
    [InlineData("/usr/bin/crictl", "by `/usr/bin/crictl`")]
    [InlineData("", "by a process that is not known")]
    public void T_P4_only_the_kubelet_makes_checkpoints(string executable, string by) => Assert.Contains(
        $"checkpoint of container `web` {by}: forbidden",
        BelowKubelet.Judge(Checkpoint("/var/lib/kubelet/checkpoints/a"), Kubelet with { Caller = new Caller(Pid: 7, Uid: 0, executable) }).Refusal(),
        StringComparison.Ordinal);

    [Fact]
    public void T_P4_options_that_only_the_runtime_understands_are_refused() => Assert.Contains(
        "with options `leave-running`",
        BelowKubelet.Judge(Checkpoint("/var/lib/kubelet/checkpoints/a") with { CheckpointOptions = ["leave-running"] }, Kubelet).Refusal(),
        StringComparison.Ordinal);

    [Fact]
    public void T_P3_what_would_be_changed_in_a_restored_container_is_refused()
    {
        var facts = new RestoreFacts { Sandbox = Given.Sandbox, Containers = [Given.Container with { Resent = null }], CheckpointPath = "/c/a" };
        var verdict = Engine.Evaluate(Given.Policy(Given.Rule() with { RequiresNoNewPrivileges = true }), Given.Node, facts);
        Assert.Equal(
            "criguard: container `web` does not ask for no_new_privs: forbidden by rule `tenants` (noNewPrivileges); say it in the pod before it is "
            + "checkpointed: what is restored cannot be changed",
            verdict.Refusal());
        Assert.Equal("container_configs[0].linux.security_context.no_new_privs", Assert.Single(verdict.Findings).Field);
    }

    private static Rule Unprivileged => Given.Rule() with { Access = new AccessSetting(AccessDemand.DenyPrivileged, null, null, null) };

    private static AccessFacts Update(string method, string[] files, string[] annotations) => Given.Exec with
    {
        Method = method,
        Update = new ResourceUpdate([.. files], [.. annotations], ImmutableSortedDictionary<string, string>.Empty),
    };

    private static AccessFacts Checkpoint(string path) => Given.Exec with { Method = "CheckpointContainer", CheckpointPath = path };
}
