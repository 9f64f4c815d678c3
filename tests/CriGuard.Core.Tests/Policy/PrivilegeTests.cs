using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class PrivilegeTests
{
    private static readonly Rule NoPrivilege = Given.Rule() with { DeniesPrivileged = true };
    private static readonly Rule NoHost = Given.Rule() with { HostNamespaces = HostNamespacesSetting.All };
    private static readonly Rule NoGain = Given.Rule() with { RequiresNoNewPrivileges = true };

    [Fact]
    public void A_privileged_container_is_refused_with_the_remedy() =>
        Assert.Equal(
            "criguard: container `web` is privileged: forbidden by rule `tenants` (privileged); set `securityContext.privileged` to false and "
            + "ask for what is needed by name",
            NoPrivilege.Judge(Given.Container.In(Given.Sandbox with { Privileged = null }) with { Privileged = true }).Refusal());

    [Fact]
    public void A_privileged_sandbox_is_refused() =>
        Assert.Contains(
            "pod `shop/web-0` is privileged", NoPrivilege.Judge(Given.Sandbox with { Privileged = true }).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void An_ordinary_container_is_left_alone() => Assert.Empty(NoPrivilege.Judge(Given.Container).Untouched());

    [Theory]
    [InlineData(NamespaceMode.Node, NamespaceMode.Pod, NamespaceMode.Pod, "network", "hostNetwork")]
    [InlineData(NamespaceMode.Pod, NamespaceMode.Node, NamespaceMode.Pod, "pid", "hostPID")]
    [InlineData(NamespaceMode.Pod, NamespaceMode.Pod, NamespaceMode.Node, "ipc", "hostIPC")]
    public void T_C5_H1_each_host_namespace_of_a_pod_is_refused_with_its_field(
        NamespaceMode network, NamespaceMode pid, NamespaceMode ipc, string name, string field)
    {
        var verdict = NoHost.Judge(Given.Sandbox with { Namespaces = new NamespaceModes(network, pid, ipc) });
        Assert.Equal(
            $"criguard: pod `shop/web-0` shares the node's {name} namespace: forbidden by rule `tenants` (hostNamespaces); set `{field}` to false",
            verdict.Refusal());
        Assert.Equal($"config.linux.security_context.namespace_options.{name}", verdict.Findings[0].Field);
    }

    [Fact]
    public void Only_the_named_namespaces_are_denied() =>
        Assert.Empty((NoHost with { HostNamespaces = new HostNamespacesSetting(Network: false, Pid: true, Ipc: true) })
            .Judge(Given.Sandbox with { Namespaces = NamespaceModes.Default with { Network = NamespaceMode.Node } }).Untouched());

    [Fact]
    public void A_container_joining_a_sandbox_on_the_host_network_is_refused() =>
        Assert.Contains(
            "shares the node's network namespace",
            NoHost.Judge(Given.Container.In(Given.Sandbox with { Namespaces = new(NamespaceMode.Node, NamespaceMode.Pod, NamespaceMode.Pod) })).Refusal(),
            StringComparison.Ordinal);

    [Theory]
    [InlineData(NamespaceMode.Container)]
    [InlineData(NamespaceMode.Target)]
    public void Pid_modes_within_the_pod_are_no_host_namespace(NamespaceMode pid) =>
        Assert.Empty(NoHost.Judge(Given.Container.BesideWeb() with { Namespaces = NamespaceModes.Default with { Pid = pid } }).Untouched());

    [Fact]
    public void T_U6_no_new_privs_is_set_once()
    {
        Assert.Equal(new Edit.NoNewPrivileges(), NoGain.Judge(Given.Container).TheChange().Edit);
        Assert.Empty(NoGain.Judge(Given.Container with { NoNewPrivileges = true }).Untouched());
    }
}
