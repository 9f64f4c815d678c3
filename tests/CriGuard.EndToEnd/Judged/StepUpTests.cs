using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>An administrator sends the next pods of a workload to a stronger level.</summary>
public sealed class StepUpTests(Bed bed) : BehindPolicy(bed)
{
    private static PodSpec Web => new("web-66b6c48dd5-x7k2p") { Handler = "runc" };

    [Fact]
    public async Task The_next_pods_of_a_workload_run_under_gvisor_and_the_one_that_runs_is_left_alone()
    {
        await using var running = await Kubelet.RunAsync(Web);
        var before = await Straight.ProcessAsync(running.Main);

        await StepUpAsync("team-a/web", "--to", "gvisor", "--reason", "odd system calls");
        await using var next = await Kubelet.RunAsync(Web with { Name = "web-66b6c48dd5-bcdfg" });
        await using var other = await Kubelet.RunAsync(Web with { Name = "web-api-66b6c48dd5-x7k2p" });

        // By the kernel: the log of gVisor's own, and its process in the place of the container's.
        Assert.Contains("Starting gVisor", await Straight.AppletAsync(next.Main, "dmesg"));
        Assert.StartsWith("runsc-sandbox", (await Straight.ProcessAsync(next.Main)).CommandLine);
        Assert.DoesNotContain("Starting gVisor", await Straight.AppletAsync(other.Main, "dmesg"));
        var after = await Straight.ProcessAsync(running.Main);
        Assert.Equal((before.CommandLine, before.Namespaces["pid"], before.Namespaces["net"]), (after.CommandLine, after.Namespaces["pid"], after.Namespaces["net"]));
        Assert.DoesNotContain("Starting gVisor", await Kubelet.AppletAsync(running.Main, "dmesg"));
        var refused = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.CreateAsync(running.Sandbox, running.Spec, new ContainerSpec { Name = "again" }));
        Assert.Contains("delete the pod, so that it is run anew", refused.Text);
        var told = JsonElement.Parse((await Guard.CommandAsync("sandboxes", "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}", "-o", "json")).Output);
        var row = told.GetProperty("sandboxes").EnumerateArray().Single(s => s.GetProperty("id").GetString() == next.Sandbox);
        Assert.StartsWith("step-up-team-a-web-", row.GetProperty("rule").GetString());
    }

    [Fact]
    public async Task It_outlives_a_restart_and_ends_when_it_is_cleared()
    {
        await StepUpAsync("team-a/web", "--to", "gvisor", "--reason", "odd system calls", "--for", "24h");
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
        using var again = new Kubelet(Bed.Node, Guard.Socket);
        await using (var pod = await again.RunAsync(Web))
            Assert.Contains("Starting gVisor", await Straight.AppletAsync(pod.Main, "dmesg"));

        await StepUpAsync("clear", "team-a/web");
        await using var free = await again.RunAsync(Web);

        Assert.DoesNotContain("Starting gVisor", await Straight.AppletAsync(free.Main, "dmesg"));
    }

    /// <summary>Runs the command, and waits until the daemon has taken what it wrote.</summary>
    private async Task StepUpAsync(params string[] arguments)
    {
        var taken = await TakenAsync();
        var command = await Command.RunAsync(Checkout.Executable, ["step-up", .. arguments, "--policy", Guard.PolicyDirectory]);
        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        var patience = Bed.Patience;
        while (await TakenAsync() == taken)
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience);
    }

    private async Task<int> TakenAsync() => (await Guard.EventsAsync()).Count(static e => e.GetProperty("kind").GetString() == "policy.loaded");
}
