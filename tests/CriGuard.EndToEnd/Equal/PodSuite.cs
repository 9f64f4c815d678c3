using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.EndToEnd.Equal;

public sealed class PodsStraight(Bed bed) : PodSuite(bed, Way.Straight);

public sealed class PodsThroughCriGuard(Bed bed) : PodSuite(bed, Way.ThroughCriGuard);

/// <summary>The life of pods.</summary>
public abstract class PodSuite(Bed bed, Way way) : BothWays(bed, way)
{
    [Theory]
    [InlineData("")]
    [InlineData("crun")]
    [InlineData("runsc")]
    public async Task A_pod_runs_under_its_handler_and_leaves_nothing_behind(string handler)
    {
        await using (var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = handler }))
        {
            var sandbox = (await Kubelet.SandboxStatusAsync(pod.Sandbox)).Status;
            Assert.Equal(PodSandboxState.SandboxReady, sandbox.State);
            Assert.Equal(handler, sandbox.RuntimeHandler);
            Assert.Equal(ContainerState.ContainerRunning, (await Kubelet.ContainerStatusAsync(pod.Main)).Status.State);
        }

        Assert.Empty(await Kubelet.PodsAsync());
        Assert.Empty(await Kubelet.ContainersAsync());
    }

    [Fact]
    public async Task What_the_kubelet_wrote_comes_back_as_it_was_sent()
    {
        var spec = PodSpec.Ordinary with
        {
            Labels = new Dictionary<string, string> { ["app"] = "shop", ["criguard.io/unknown"] = "kept" },
            Annotations = new Dictionary<string, string> { ["note"] = "grüße, 世界" },
            Containers = [new() { Annotations = new Dictionary<string, string> { ["big"] = new('x', 100_000) } }],
        };
        await using var pod = await Kubelet.RunAsync(spec);

        var sandbox = Assert.Single(await Kubelet.PodsAsync());
        Assert.Equal("shop", sandbox.Labels["app"]);
        Assert.Equal("kept", sandbox.Labels["criguard.io/unknown"]);
        Assert.Equal(5, sandbox.Labels.Count);
        Assert.Equal("grüße, 世界", sandbox.Annotations["note"]);
        Assert.Equal(3, sandbox.Annotations.Count);
        var container = Assert.Single(await Kubelet.ContainersAsync());
        Assert.Equal(100_000, container.Annotations["big"].Length);
        Assert.Equal(spec.Uid, container.Labels["io.kubernetes.pod.uid"]);
    }

    [Fact]
    public async Task The_containers_of_a_pod_share_its_network_and_nothing_else()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Containers = [new(), new() { Name = "side" }] });

        var main = await Kubelet.ProcessAsync(pod.Main);
        var side = await Kubelet.ProcessAsync(pod.Containers[1]);
        Assert.Equal(main.Namespaces["net"], side.Namespaces["net"]);
        Assert.NotEqual(main.Namespaces["mnt"], side.Namespaces["mnt"]);
        Assert.NotEqual(main.Namespaces["pid"], side.Namespaces["pid"]);
    }

    [Fact]
    public async Task A_pod_in_the_network_of_the_host_is_there()
    {
        await using var host = await Kubelet.RunAsync(PodSpec.Ordinary with { HostNetwork = true });
        await using var other = await Kubelet.RunAsync(PodSpec.Ordinary);

        var links = await Kubelet.AppletAsync(host.Main, "ip", "link");
        Assert.Contains("pods0", links);
        Assert.DoesNotContain("pods0", await Kubelet.AppletAsync(other.Main, "ip", "link"));
    }

    [Fact]
    public async Task Nothing_is_hardened_where_no_rule_says_so()
    {
        await using var privileged = await Kubelet.RunAsync(PodSpec.Privileged);
        await using var unconfined = await Kubelet.RunAsync(PodSpec.Unconfined);
        await using var module = await Kubelet.RunAsync(PodSpec.Module);

        Assert.Equal(0, (await Kubelet.ProcessAsync(privileged.Main)).Seccomp);
        Assert.True((await Kubelet.ProcessAsync(privileged.Main)).Has(TestBed.Capability.SysAdmin));
        Assert.Equal(0, (await Kubelet.ProcessAsync(unconfined.Main)).Seccomp);
        Assert.True((await Kubelet.ProcessAsync(module.Main)).Has(TestBed.Capability.SysModule));
        Assert.False((await Kubelet.ProcessAsync(module.Main)).NoNewPrivileges);
    }

    [Fact]
    public async Task A_container_that_ends_is_seen_with_its_exit_code_and_can_be_followed_by_another()
    {
        var ends = new ContainerSpec { Command = ["/bin/busybox", "sh", "-c", "exit 7"] };
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Containers = [ends] });

        Assert.Equal(7, await Kubelet.ExitCodeAsync(pod.Main, Bed.Patience));
        await Kubelet.RemoveAsync(pod.Main);
        var next = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, new ContainerSpec());
        await Kubelet.StartAsync(next);
        Assert.Equal(2, (await Kubelet.ProcessAsync(next)).Seccomp);
    }

    [Fact]
    public async Task A_stopped_container_is_killed_with_the_signal_of_its_image()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        await Kubelet.StopAsync(pod.Main);

        Assert.Equal(128 + 9, await Kubelet.ExitCodeAsync(pod.Main, Bed.Patience));
    }

    [Fact]
    public async Task A_handler_that_the_runtime_does_not_have_fails_in_the_words_of_the_runtime()
    {
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(PodSpec.Unknown));

        Assert.Equal("failed to get sandbox runtime: no runtime for \"kata\" is configured", failure.Text);
        Assert.Equal(2, failure.Code);
    }

    [Fact]
    public async Task Pods_that_start_at_the_same_time_all_start()
    {
        var pods = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Kubelet.RunAsync(new PodSpec($"pod-{number}"))));

        Assert.Equal(6, (await Kubelet.PodsAsync()).Count);
        await Task.WhenAll(pods.Select(pod => pod.DisposeAsync().AsTask()));
        Assert.Empty(await Kubelet.PodsAsync());
    }
}
