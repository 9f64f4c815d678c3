using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Controls;

namespace CriGuard.Core.Tests.Policy;

public sealed class ResourceTests
{
    [Theory]
    [InlineData("/kubepods", "/kubepods", true)]
    [InlineData("/kubepods", "/kubepods/burstable/pod1", true)]
    [InlineData("/kubepods", "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice", true)]
    [InlineData("/kubepods", "kubepods-besteffort-pod1.slice", false)]
    [InlineData("/kubepods", "kubepods.slice", false)]
    [InlineData("/node/kubepods", "/node/kubepods/pod1", true)]
    [InlineData("/node/kubepods", "/node.slice/node-kubepods.slice/node-kubepods-pod1.slice", true)]
    [InlineData("/node/kubepods", "/kubepods/pod1", false)]
    [InlineData("/kubepods", "", false)]
    [InlineData("/kubepods", "/", false)]
    [InlineData("/kubepods", "kubepods/pod1", false)]
    [InlineData("/kubepods", "/kubepodsx/pod1", false)]
    [InlineData("/kubepods", "/kubepods/../init", false)]
    [InlineData("/kubepods", "/kubepods//x", false)]
    [InlineData("/kubepods", "/kubepods.slice/system.slice", false)]
    [InlineData("/kubepods", "/kubepods.slice", true)]
    [InlineData("/kubepods", "/evil/kubepods.slice", false)]
    [InlineData("/kubepods", "/kubepods.slice/kubepods-burstable-pod1.slice", false)]
    [InlineData("/kubepods", "/kubepods.slice/kubepods-.slice/kubepods--pod1.slice", false)]
    [InlineData("/kube-node/kubepods", "/kube_node.slice/kube_node-kubepods.slice", true)]
    [InlineData("/kubepods", "kubepodsx.slice", false)]
    [InlineData("/kubepods", "/kubepods.slice/x", false)]
    [InlineData("/kubepods", "system.slice:x:kubepods.slice", false)]
    public void T_R3_a_cgroup_parent_is_where_the_runtime_puts_it(string root, string parent, bool contained) =>
        Assert.Equal(contained, new ResourceSetting(root, null, null).Contains(parent));

    [Theory]
    [InlineData("/kubepods/burstable/pod1/c0de", null, true)]
    [InlineData("/system/c0de", null, false)]
    [InlineData("/kubepods.slice/c0de", null, false)]
    [InlineData("kubepods-burstable-pod1.slice:cri-containerd:c0de", null, true)]
    [InlineData("kubepods-burstable-pod1.slice:cri-containerd:c0de", true, true)]
    [InlineData("kubepods-burstable-pod1.slice:cri-containerd:c0de", false, false)]
    [InlineData("system.slice:cri-containerd:c0de", true, false)]
    [InlineData("kubepods.slice/x:cri-containerd:c0de", true, false)]
    [InlineData("", true, false)]
    public void T_R3_a_cgroup_of_a_spec_is_where_the_driver_puts_it(string path, bool? systemd, bool contained) =>
        Assert.Equal(contained, new ResourceSetting("/kubepods", null, null).ContainsCgroup(path, systemd != false));

    [Fact]
    public void T_R1_only_listed_files_may_be_written_and_paths_never()
    {
        var setting = new ResourceSetting(null, null, [new Glob("memory.*")]);

        Assert.Equal(["io.max", "memory.x/../cgroup.procs"], setting.Beyond(["memory.high", "memory.x/../cgroup.procs", "io.max"]));
        Assert.Empty(new ResourceSetting(null, -997, null).Beyond(["io.max"]));
    }
}
