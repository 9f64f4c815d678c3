using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What people and the kubelet do with a pod that runs: the same under runc and, routed there, under gVisor.</summary>
public sealed class RoutedLifeTests(Bed bed) : BehindPolicy(bed)
{
    private const byte Input = 0;
    private const byte Output = 1;
    private const byte Errors = 2;

    /// <summary>How the session ended, as a Kubernetes status.</summary>
    private const byte Outcome = 3;

    /// <summary>Pods, by whether the policy routes them.</summary>
    public static TheoryData<bool> Ways => [false, true];

    [Theory, MemberData(nameof(Ways))]
    public async Task A_session_carries_input_output_errors_and_the_exit_code(bool routed)
    {
        await using var pod = await RunAsync(routed, new ContainerSpec());
        var address = await Kubelet.ExecUrlAsync(pod.Main, "/bin/busybox", "sh", "-c", "read line; echo \"heard $line\"; echo oops >&2; exit 3");

        await using var session = await StreamSession.OpenAsync(Bed.Node, address, Bed.Patience);
        await session.SendAsync(Input, "ping\n", Bed.Patience);

        Assert.Equal("heard ping\n", await session.ReadAsync(Output, "\n", Bed.Patience));
        Assert.Equal("oops\n", await session.ReadAsync(Errors, "\n", Bed.Patience));
        Assert.Contains("\"message\":\"3\"", await session.ReadAsync(Outcome, "}]", Bed.Patience));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Who_attaches_sees_what_the_container_writes(bool routed)
    {
        await using var pod = await RunAsync(routed, Shell("while :; do echo here; /bin/busybox sleep 1; done"));

        await using var session = await StreamSession.OpenAsync(Bed.Node, await Kubelet.AttachUrlAsync(pod.Main), Bed.Patience);

        Assert.StartsWith("here\n", await session.ReadAsync(Output, "\n", Bed.Patience));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_forwarded_port_reaches_who_listens_in_the_pod(bool routed)
    {
        const int port = 7000;
        await using var pod = await RunAsync(routed, Shell($"/bin/busybox nc -ll -p {port} -e /bin/busybox cat"));
        // Of the port there is one channel for data and one for errors; each begins with its number.
        const string number = "\u0058\u001b";
        var patience = Bed.Patience;
        while (true)
        {
            patience.ThrowIfCancellationRequested();
            await using var session = await StreamSession.OpenAsync(Bed.Node, await Kubelet.PortForwardUrlAsync(pod.Sandbox, port), patience);
            await session.SendAsync(0, "echoed\n", patience);
            // Until it listens, the session ends with an error.
            if (await session.ReadAsync(0, "\n", patience) == number + "echoed\n")
                return;
        }
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task Output_is_in_the_log_and_goes_on_in_a_new_file_when_the_old_one_was_moved_away(bool routed)
    {
        await using var pod = await RunAsync(routed, Shell("i=0; while :; do i=$((i+1)); echo line $i; echo other $i >&2; /bin/busybox sleep 1; done"));
        var file = LogOf(pod);
        await ContainsAsync(file, " stdout F line 1\n");
        await ContainsAsync(file, " stderr F other 1\n");

        File.Move(file, file + ".old");
        await Kubelet.ReopenLogAsync(pod.Main);

        await ContainsAsync(file, " stdout F line ");
        Assert.DoesNotContain(" stdout F line 1\n", await File.ReadAllTextAsync(file));
        Assert.EndsWith("/main/0.log", (await Kubelet.ContainerStatusAsync(pod.Main)).Status.LogPath);
    }

    /// <remarks>gVisor runs without cgroups on the bed, so what is counted there is more than the container; on a node it is the pod's own cgroup.</remarks>
    [Theory, MemberData(nameof(Ways))]
    public async Task Statistics_are_told_of_the_container_and_of_the_pod(bool routed)
    {
        await using var pod = await RunAsync(routed, Shell("while :; do :; done"));
        await using var other = await Kubelet.RunAsync(PodSpec.Ordinary with { Name = "other" });

        var alone = await Kubelet.StatsAsync(pod.Main);
        var patience = Bed.Patience;
        ContainerStats listed;
        do
        {
            patience.ThrowIfCancellationRequested();
            listed = Assert.Single(await Kubelet.StatsOfPodAsync(pod.Sandbox, patience));
        }
        while (listed.Cpu.UsageCoreNanoSeconds.Value <= alone.Cpu.UsageCoreNanoSeconds.Value);

        Assert.Equal((pod.Main, "main"), (alone.Attributes.Id, alone.Attributes.Metadata.Name));
        Assert.Equal(pod.Main, listed.Attributes.Id);
        Assert.True(listed.Memory.WorkingSetBytes.Value > 0);
        MakeGroup(pod.Spec);
        var sandbox = Assert.Single(await Kubelet.SandboxStatsAsync(pod.Sandbox));
        Assert.Equal((pod.Sandbox, pod.Spec.Uid), (sandbox.Attributes.Id, sandbox.Attributes.Metadata.Uid));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_is_told_to_stop_and_has_the_time_to(bool routed)
    {
        await using var pod = await RunAsync(routed, Told("trap 'echo told; exit 42' TERM; echo ready; while :; do /bin/busybox sleep 1 & wait $!; done"));
        await ContainsAsync(LogOf(pod), "ready\n");

        await Kubelet.StopAsync(pod.Main, grace: 100);

        Assert.Equal(42, await Kubelet.ExitCodeAsync(pod.Main, Bed.Patience));
        await ContainsAsync(LogOf(pod), "told\n");
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_process_that_does_not_stop_is_killed_after_its_time(bool routed)
    {
        await using var pod = await RunAsync(routed, Told("trap 'echo told' TERM; echo ready; while :; do /bin/busybox sleep 1 & wait $!; done"));
        await ContainsAsync(LogOf(pod), "ready\n");

        await Kubelet.StopAsync(pod.Main, grace: 1);

        Assert.Equal(128 + 9, await Kubelet.ExitCodeAsync(pod.Main, Bed.Patience));
    }

    [Theory, MemberData(nameof(Ways))]
    public async Task A_sandbox_that_is_stopped_takes_its_containers_and_its_processes_with_it(bool routed)
    {
        await using var pod = await RunAsync(routed, new ContainerSpec());
        var process = await ProcessIdAsync(pod.Main);

        await Kubelet.StopSandboxAsync(pod.Sandbox);

        Assert.Equal(ContainerState.ContainerExited, (await Kubelet.ContainerStatusAsync(pod.Main)).Status.State);
        Assert.Equal(PodSandboxState.SandboxNotready, (await Kubelet.SandboxStatusAsync(pod.Sandbox)).Status.State);
        Assert.False(Directory.Exists($"/proc/{process}"));
    }

    /// <summary>A routed pod asks for runc, so that only the policy can have brought it to gVisor.</summary>
    private async Task<RunningPod> RunAsync(bool routed, ContainerSpec container)
    {
        var pod = await Kubelet.RunAsync((routed ? PodSpec.Sandboxed : PodSpec.Ordinary) with { Handler = "runc", Containers = [container] });
        Assert.Equal(routed, (await Kubelet.AppletAsync(pod.Main, "dmesg")).Contains("Starting gVisor", StringComparison.Ordinal));
        return pod;
    }

    private static ContainerSpec Shell(string script) => new() { Command = ["/bin/busybox", "sh", "-c", script] };

    private static ContainerSpec Told(string script) => Shell(script) with { Image = Node.ToldImage };

    private string LogOf(RunningPod pod) => Path.Combine(Bed.Node.PodLogs, $"{pod.Spec.Namespace}_{pod.Spec.Name}_{pod.Spec.Uid}", "main", "0.log");

    private async Task<int> ProcessIdAsync(string container)
    {
        using var info = System.Text.Json.JsonDocument.Parse((await Straight.ContainerStatusAsync(container, verbose: true)).Info["info"]);
        return info.RootElement.GetProperty("pid").GetInt32();
    }

    /// <summary>As a kubelet does before it runs a pod; the figures of a sandbox are those of this cgroup.</summary>
    private void MakeGroup(PodSpec pod)
    {
        const string trees = "/sys/fs/cgroup";
        foreach (var tree in File.Exists($"{trees}/cgroup.controllers") ? [trees] : (string[])[$"{trees}/cpu", $"{trees}/cpuacct", $"{trees}/memory", $"{trees}/pids"])
            Directory.CreateDirectory($"{tree}{Bed.Node.Names.CgroupParent(pod)}");
    }

    private static async Task ContainsAsync(string file, string text)
    {
        var patience = Bed.Patience;
        while (!File.Exists(file) || !(await File.ReadAllTextAsync(file, patience)).Contains(text, StringComparison.Ordinal))
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience);
    }
}
