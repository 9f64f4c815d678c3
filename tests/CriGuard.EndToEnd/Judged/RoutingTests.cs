using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Pods that are run under another handler than they asked for.</summary>
public sealed class RoutingTests(Bed bed) : BehindPolicy(bed)
{
    [Fact]
    public async Task A_labelled_pod_runs_under_gvisor_with_all_its_containers()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Sandboxed with { Containers = [new(), new() { Name = "side" }] });

        Assert.Equal("runsc", (await Straight.SandboxStatusAsync(pod.Sandbox)).Status.RuntimeHandler);
        foreach (var container in pod.Containers)
        {
            Assert.Contains("Starting gVisor", await Straight.AppletAsync(container, "dmesg"));
            Assert.StartsWith("runsc-sandbox", (await Straight.ProcessAsync(container)).CommandLine);
        }
    }

    [Fact]
    public async Task A_labelled_pod_that_asks_for_a_weaker_handler_does_not_get_it()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Sandboxed with { Handler = "crun" });

        Assert.Contains("Starting gVisor", await Straight.AppletAsync(pod.Main, "dmesg"));
    }

    [Fact]
    public async Task A_pod_without_the_label_stays_where_it_asked_to_be()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = "crun" });

        Assert.Equal("crun", (await Straight.SandboxStatusAsync(pod.Sandbox)).Status.RuntimeHandler);
    }
}

/// <summary>A rule that routes to a handler which the node does not have.</summary>
public sealed class MissingHandlerTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: vm
        handlers:
          - { name: runc, level: runc }
          - { name: runsc, level: gvisor }
          - { name: kata, level: kata }
        rules:
          - name: machines
            mode: enforce
            match:
              podLabels: { criguard.io/sandbox: gvisor }
            sandbox: kata
        """;

    [Fact]
    public async Task The_pod_is_refused_and_never_run_elsewhere()
    {
        var text = await RefusalAsync(PodSpec.Sandboxed);

        Assert.Contains("`kata`", text);
        Assert.Contains("`machines`", text);
    }

    [Fact]
    public async Task Other_pods_run()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        Assert.Equal(2, (await Straight.ProcessAsync(pod.Main)).Seccomp);
    }
}
