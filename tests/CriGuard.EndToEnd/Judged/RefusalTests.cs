using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Pods that are not run, and what their owners are told.</summary>
public sealed class RefusalTests(Bed bed) : BehindPolicy(bed)
{
    [Fact]
    public async Task A_container_that_asks_to_load_modules_is_refused_by_name()
    {
        var text = await RefusalAsync(PodSpec.Module);

        Assert.Contains("`SYS_MODULE`", text);
        Assert.Contains("`main`", text);
    }

    [Fact]
    public async Task All_capabilities_minus_modules_is_still_more_than_the_rule_allows()
    {
        var all = PodSpec.Ordinary with { Containers = [new() { AddCapabilities = ["ALL"], DropCapabilities = ["SYS_MODULE"] }] };

        Assert.Contains("all capabilities", await RefusalAsync(all));
    }

    [Fact]
    public async Task A_privileged_pod_is_refused_before_anything_of_it_exists()
    {
        var text = await RefusalAsync(PodSpec.Privileged);

        Assert.Contains("privileged", text);
        Assert.Contains("`baseline`", text);
    }

    [Fact]
    public async Task A_privileged_container_in_a_pod_that_was_not_is_refused()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var late = PodSpec.Privileged.Containers[0] with { Name = "late" };
        var claimed = pod.Spec with { Containers = [late] };

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.CreateAsync(pod.Sandbox, claimed, late));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Single(await Straight.ContainersAsync(pod.Sandbox));
    }

    [Fact]
    public async Task A_pod_in_the_network_of_the_host_is_refused()
    {
        var text = await RefusalAsync(PodSpec.Ordinary with { HostNetwork = true });

        Assert.Contains("network", text);
        Assert.Contains("`baseline`", text);
    }

    [Fact]
    public async Task A_handler_that_does_not_exist_is_not_replaced_by_another()
    {
        await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(PodSpec.Unknown));

        Assert.Empty(await Straight.PodsAsync());
    }

    [Fact]
    public async Task A_refused_pod_does_not_stand_in_the_way_of_the_next()
    {
        await RefusalAsync(PodSpec.Module);

        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        Assert.True((await Straight.ProcessAsync(pod.Main)).NoNewPrivileges);
    }

    [Fact]
    public async Task T_C8_a_container_that_was_made_past_the_gate_is_not_started_through_it()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var unconfined = PodSpec.Unconfined.Containers[0] with { Name = "smuggled" };
        var smuggled = await Straight.CreateAsync(pod.Sandbox, pod.Spec, unconfined);

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.StartAsync(smuggled));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("seccomp", failure.Text);
    }
}
