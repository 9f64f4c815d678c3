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

/// <summary>The policy itself sends the next pods of a workload to a stronger level after an incident.</summary>
public sealed class StepUpAfterIncidentTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: tenants
        handlers:
          - { name: runc, level: runc }
          - { name: crun, level: runc }
          - { name: runsc, level: gvisor }
        stepUp: { after: [access, unaccounted], to: gvisor, for: 24h }
        rules:
          - name: no-sessions
            mode: enforce
            access: { exec: deny }
        """;

    private static PodSpec Web => new("web-66b6c48dd5-x7k2p") { Handler = "runc" };

    [Fact]
    public async Task A_refused_session_brings_the_next_pods_of_that_workload_under_gvisor_and_leaves_the_running_one_alone()
    {
        await using var running = await Kubelet.RunAsync(Web);
        await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.ExecUrlAsync(running.Main, "/bin/busybox", "sh"));
        await TakenAsync("team-a/web");

        await using (var next = await Kubelet.RunAsync(Web with { Name = "web-66b6c48dd5-bcdfg", Labels = new Dictionary<string, string> { ["pod-template-hash"] = "another" } }))
            Assert.Contains("Starting gVisor", await Straight.AppletAsync(next.Main, "dmesg"));
        await using (var other = await Kubelet.RunAsync(Web with { Name = "web-api-66b6c48dd5-x7k2p" }))
            Assert.DoesNotContain("Starting gVisor", await Straight.AppletAsync(other.Main, "dmesg"));
        Assert.DoesNotContain("Starting gVisor", await Straight.AppletAsync(running.Main, "dmesg"));
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
        using var again = new Kubelet(Bed.Node, Guard.Socket);
        await using var late = await again.RunAsync(Web with { Name = "web-66b6c48dd5-zzzzz" });
        Assert.Contains("Starting gVisor", await Straight.AppletAsync(late.Main, "dmesg"));
        var listed = await Command.RunAsync(Checkout.Executable, ["step-up", "list", "--policy", Guard.PolicyDirectory]);
        Assert.Matches("^team-a/web  gvisor  until .*  access of pod team-a/web-66b6c48dd5-x7k2p\n$", listed.Output);
    }

    [Fact]
    public async Task T_C8_a_container_that_came_around_the_gate_is_an_incident_of_its_pods_workload()
    {
        await using var around = await Straight.RunAsync(Web with { Name = "db-0" });
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
        using var again = new Kubelet(Bed.Node, Guard.Socket);
        await TakenAsync("team-a/db");

        await using var next = await again.RunAsync(Web with { Name = "db-1" });

        Assert.Contains("Starting gVisor", await Straight.AppletAsync(next.Main, "dmesg"));
    }

    /// <summary>Waits until the daemon judges by the step-up: it is recorded, written, and taken like any file of the policy, by the daemon that wrote it or the next.</summary>
    private async Task TakenAsync(string target)
    {
        var patience = Bed.Patience;
        while (true)
        {
            var events = (await Guard.EventsAsync()).ToList();
            var added = events.FindIndex(e => Kind(e) == "stepup.added" && e.GetProperty("details").GetProperty("target").GetString() == target);
            if (added >= 0 && events.FindIndex(added, static e => Kind(e) is "policy.loaded" or "daemon.started") > added)
                return;
            await Task.Delay(TimeSpan.FromMilliseconds(50), patience);
        }

        static string? Kind(JsonElement line) => line.GetProperty("kind").GetString();
    }
}
