using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What the kernel says of processes that were let through with changes.</summary>
public sealed class HardeningTests(Bed bed) : BehindPolicy(bed)
{
    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task An_ordinary_pod_holds_only_what_the_rule_allows(string handler)
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = handler });

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.Equal(2, process.Seccomp);
        Assert.True(process.NoNewPrivileges);
        Assert.True(process.Has(Capability.Chown));
        Assert.True(process.Has(Capability.NetBindService));
        Assert.False(process.MayHave(Capability.NetRaw));
        Assert.False(process.MayHave(Capability.Mknod));
        Assert.False(process.MayHave(Capability.SysModule));
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("crun")]
    public async Task A_pod_that_turns_the_filter_off_runs_under_one_all_the_same(string handler)
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Unconfined with { Handler = handler });

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.Equal(2, process.Seccomp);
        Assert.True(process.SeccompFilters >= 1);
    }

    [Fact]
    public async Task A_drop_that_containerd_would_not_understand_drops()
    {
        // `CAP_CHOWN` becomes `CAP_CAP_CHOWN` in containerd, which nothing knows: the pod would keep what it gave away.
        var drops = PodSpec.Ordinary with { Containers = [new() { DropCapabilities = ["CAP_CHOWN"] }] };
        await using (var unguarded = await Straight.RunAsync(drops))
            Assert.True((await Straight.ProcessAsync(unguarded.Main)).Has(Capability.Chown));

        await using var pod = await Kubelet.RunAsync(drops with { Uid = Guid.NewGuid().ToString() });

        Assert.False((await Straight.ProcessAsync(pod.Main)).MayHave(Capability.Chown));
    }

    [Fact]
    public async Task T_K1_a_container_that_is_added_later_is_hardened_too()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var unconfined = PodSpec.Unconfined.Containers[0] with { Name = "debugger" };

        var late = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, unconfined);
        await Kubelet.StartAsync(late);

        Assert.Equal(2, (await Straight.ProcessAsync(late)).Seccomp);
    }

    [Fact]
    public async Task Privileges_can_not_be_gained_by_a_set_user_id_program()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var status = await Straight.AppletAsync(pod.Main, "grep", "NoNewPrivs", "/proc/self/status");

        Assert.Equal("NoNewPrivs:\t1\n", status);
    }
}
