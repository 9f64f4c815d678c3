using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Restarts and deaths on either side of the gate.</summary>
public sealed class LifeTests(Bed bed) : BehindPolicy(bed)
{
    [Fact]
    public async Task T_K6_pods_outlive_a_restart_and_their_next_container_is_judged()
    {
        await using var pod = await Straight.RunAsync(PodSpec.Ordinary);
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);

        Assert.Equal(TestBed.Runtime.ContainerState.ContainerRunning, (await Kubelet.ContainerStatusAsync(pod.Main)).Status.State);
        var unconfined = PodSpec.Unconfined.Containers[0] with { Name = "next" };
        var next = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, unconfined);
        await Kubelet.StartAsync(next);
        Assert.Equal(2, (await Straight.ProcessAsync(next)).Seccomp);
    }

    [Fact]
    public async Task A_dead_runtime_is_named_at_once_and_used_again_when_it_is_back()
    {
        await Kubelet.VersionAsync();
        await Bed.Node.KillRuntimeAsync();
        CallFailedException relayed, lifted;
        try
        {
            relayed = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.VersionAsync());
            lifted = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(PodSpec.Ordinary));
        }
        finally
        {
            await Bed.Node.StartRuntimeAsync();
        }

        Assert.Equal((Unavailable, Unavailable), (relayed.Code, lifted.Code));
        Assert.Contains(Bed.Node.RuntimeSocket, relayed.Text);
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        Assert.Equal("containerd", (await Kubelet.VersionAsync()).RuntimeName);
    }

    [Fact]
    public async Task A_call_in_flight_is_finished_before_the_daemon_ends()
    {
        await using var pod = await Straight.RunAsync(PodSpec.Ordinary);
        var fifo = "/tmp/go";
        await Straight.AppletAsync(pod.Main, "mkfifo", fifo);
        var exec = Kubelet.ExecAsync(pod.Main, "/bin/busybox", "sh", "-c", $"echo ready > /tmp/ready; cat {fifo}");
        var patience = Bed.Patience;
        while ((await Straight.ExecAsync(pod.Main, "/bin/busybox", "test", "-e", "/tmp/ready")).ExitCode != 0)
            patience.ThrowIfCancellationRequested();

        var stop = Guard.StopAsync();
        await Straight.AppletAsync(pod.Main, "sh", "-c", $"echo finished > {fifo}");

        Assert.Equal("finished\n", (await exec).Stdout.ToStringUtf8());
        await stop;
        Assert.Equal(0, Guard.ExitCode);
    }

    [Fact]
    public async Task A_policy_with_errors_keeps_the_daemon_from_starting_and_all_are_named()
    {
        var wrong = """
            apiVersion: criguard.io/v1
            kind: NodePolicy
            metadata:
              name: wrong
            rules:
              - name: first
                privileged: sometimes
              - name: second
                unheardOf: true
            """;

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => GuardProcess.StartAsync(Bed.Node, "wrong", wrong, Bed.Patience));

        Assert.Contains("`sometimes`", failure.Message);
        Assert.Contains("`unheardOf`", failure.Message);
    }
}
