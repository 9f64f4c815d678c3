using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Tests.Policy;

public sealed class LateContainersTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly TimeSpan After = TimeSpan.FromMinutes(10);
    private static readonly NodeFacts Node = Given.Node with { Now = Now };
    private static readonly Rule Rule = Given.Rule() with { LateContainers = new LateContainersSetting(LateAction.Deny, After) };
    private static readonly Neighbour Old = new("c0", "web", Running: true, Now - After);

    [Fact]
    public void T_K1_a_container_of_a_new_name_in_a_pod_at_rest_is_late() =>
        Assert.Equal(
            "criguard: container `debug` comes to pod `shop/web-0`, which has run without a new one for 10 min: forbidden by rule `tenants` "
            + "(lateContainers); put it into the pod's own `containers`, and let the pod be run anew",
            Rule.Judge(Debug(Old), Node).Refusal());

    public static TheoryData<string, Neighbour[]> Early => new()
    {
        { "the first container of a pod", [] },
        { "one after an init container that has ended", [Old with { Running = false }] },
        { "the restart of a known name", [Old, new Neighbour("d0", "debug", Running: false, Now - After)] },
        { "one of several that are started one after the other", [Old, new Neighbour("10", "log", Running: true, Now - After + TimeSpan.FromSeconds(1))] },
    };

    [Theory]
    [MemberData(nameof(Early))]
    public void T_K1_what_a_kubelet_does_with_any_pod_is_not_late(string what, Neighbour[] others)
    {
        Assert.NotEmpty(what);
        Assert.Empty(Rule.Judge(Debug(others), Node).Untouched());
    }

    [Fact]
    public void T_K1_one_that_joins_the_processes_of_another_is_late_at_once() =>
        Assert.Contains(
            "container `debug` joins the processes of another container, as ephemeral ones do",
            Rule.Judge(Debug() with { Namespaces = NamespaceModes.Default with { Pid = NamespaceMode.Target } }, Node).Refusal(), StringComparison.Ordinal);

    [Fact]
    public void T_K1_a_late_container_can_be_reported_alone() =>
        Assert.Single((Rule with { LateContainers = new LateContainersSetting(LateAction.Report, After) }).Judge(Debug(Old), Node).Untouched());

    private static ContainerFacts Debug(params Neighbour[] others) => Given.Container with { Name = "debug", Neighbours = [.. others] };
}
