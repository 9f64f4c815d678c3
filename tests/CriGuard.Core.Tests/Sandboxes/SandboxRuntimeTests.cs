using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Sandboxes;

namespace CriGuard.Core.Tests.Sandboxes;

public sealed class SandboxRuntimeTests
{
    private const string Id = "5a17c0de";
    private const string Node = "user:[1]";

    private static readonly NodeProcess Init = new(1, 0, "/sbin/init", ["/sbin/init"], Node);
    private static readonly NodeProcess Shim = new(10, 1, "/usr/bin/containerd-shim-runc-v2", ["containerd-shim-runc-v2", "-id", Id], Node);

    [Fact]
    public void A_pod_of_an_OCI_runtime_is_its_shim_and_its_pause()
    {
        var seen = Of(11, Init, Shim, new(11, 10, "/pause", ["/pause"], Node), new(12, 10, "/usr/bin/web", ["web"], Node));
        Assert.Equal((IsolationLevel.Runc, "runc"), (seen.Level, seen.Name));
        Assert.Equal([10, 11], seen.Processes.AsEnumerable());
    }

    [Fact]
    public void A_pod_with_users_of_its_own_is_told_by_the_namespace_of_its_pause() =>
        Assert.Equal(IsolationLevel.Userns, Of(11, Init, Shim, new(11, 10, "/pause", ["/pause"], "user:[7]")).Level);

    [Fact]
    public void Users_of_its_own_are_not_concluded_from_what_cannot_be_read()
    {
        NodeProcess pause = new(11, 10, "/pause", ["/pause"], Node);
        var hidden = Init with { UserNamespace = "" };
        Assert.Equal(IsolationLevel.Runc, Of(11, hidden, Shim, pause).Level);
        Assert.Equal(IsolationLevel.Userns, Of(11, hidden, Shim, pause with { UserNamespace = "user:[7]" }).Level);
        Assert.Equal(IsolationLevel.Runc, Of(11, hidden, Shim with { UserNamespace = "" }, pause with { UserNamespace = "user:[7]" }).Level);
        Assert.Equal(IsolationLevel.Runc, Of(11, Init, Shim, pause with { UserNamespace = "" }).Level);
    }

    [Fact]
    public void A_container_that_calls_itself_a_sentry_or_a_machine_is_none()
    {
        var seen = Of(11, Init, Shim, new(11, 10, "/pause", ["/pause"], Node), new(12, 10, "/usr/bin/runsc", ["runsc-sandbox", "--platform=kvm", Id], Node),
            new(13, 10, "/usr/bin/qemu-system-x86_64", ["qemu", Id], Node));
        Assert.Equal((IsolationLevel.Runc, ""), (seen.Level, seen.Platform));
        Assert.Equal([10, 11], seen.Processes.AsEnumerable());
    }

    [Theory]
    [InlineData("kvm", "--platform=kvm")]
    [InlineData("systrap", "-platform", "systrap")]
    [InlineData("", "--root=/x", "platform=kvm")]
    public void A_sentry_says_its_platform(string platform, params string[] flags)
    {
        var seen = Of(
            11, Init, Shim, new(11, 10, "/usr/bin/runsc", ["runsc-sandbox", .. flags, "boot", Id], Node), new(12, 10, "/usr/bin/runsc", ["runsc-gofer"], Node),
            new(13, 11, "/usr/bin/runsc", [], Node), new(14, 1, "/usr/bin/runsc", ["runsc-sandbox"], Node));
        Assert.Equal((IsolationLevel.Gvisor, "runsc", platform), (seen.Level, seen.Name, seen.Platform));
        Assert.Equal([10, 11, 12, 13], seen.Processes.AsEnumerable());
    }

    [Theory]
    [InlineData("/opt/kata/bin/qemu-system-x86_64", "qemu-system-x86_64")]
    [InlineData("/opt/kata/bin/cloud-hypervisor", "cloud-hypervisor")]
    [InlineData("/opt/kata/bin/firecracker (deleted)", "firecracker")]
    public void A_machine_is_told_by_its_monitor_wherever_that_runs(string executable, string name)
    {
        NodeProcess shim = new(10, 1, "/opt/kata/bin/containerd-shim-kata-v2", ["containerd-shim-kata-v2", "-id", Id], Node);
        NodeProcess monitor = new(20, 1, executable, ["vmm", $"sandbox-{Id}"], Node);
        NodeProcess files = new(21, 10, "/opt/kata/bin/virtiofsd", ["virtiofsd"], Node);
        foreach (var pid in (int[])[10, 20])
        {
            var seen = Of(pid, Init, shim, monitor, files, monitor with { Pid = 30, Arguments = ["vmm", "sandbox-other"] });
            Assert.Equal((IsolationLevel.Kata, name), (seen.Level, seen.Name));
            Assert.Contains(20, seen.Processes.AsEnumerable());
            Assert.DoesNotContain(30, seen.Processes.AsEnumerable());
        }
    }

    [Fact]
    public void What_is_gone_or_cannot_be_read_is_unknown()
    {
        Assert.Null(Of(11, Init).Level);
        Assert.Null(Of(11, Init, new NodeProcess(11, 1, "", [])).Level);
        Assert.Null(Of(0, Init).Level);
    }

    [Fact]
    public void A_circle_of_parents_ends() =>
        Assert.Equal(IsolationLevel.Runc, Of(2, new(2, 3, "/a", [], "user:[7]"), new NodeProcess(3, 2, "/b", [], Node)).Level);

    private static SandboxRuntime Of(int pid, params NodeProcess[] processes) => SandboxRuntime.Of(processes.ToDictionary(static p => p.Pid), Id, pid);
}
