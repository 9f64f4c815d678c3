using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Calls that enter or resize what runs.</summary>
public sealed class AccessTests(Bed bed) : BehindPolicy(bed)
{
    private static readonly PodSpec Locked = PodSpec.Ordinary with { Namespace = "locked" };

    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: accesses
        unaccounted: deny
        rules:
          - name: locked
            mode: enforce
            match:
              namespaces: [locked]
            access: { exec: deny, execSync: deny }
            lateContainers: { action: deny, afterSeconds: 3600 }
          - name: every-pod
            mode: enforce
            access: { execSync: record }
            updates: { unified: [], annotations: [] }
        """;

    [Fact]
    public async Task T_E2_a_command_that_a_rule_denies_does_not_run()
    {
        await using var pod = await Kubelet.RunAsync(Locked);

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.ExecAsync(pod.Main, "/bin/busybox", "touch", "/tmp/ran"));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("command inside of container `main`: forbidden by rule `locked` (access)", failure.Text.Replace(pod.Spec.Containers[0].Name, "main", StringComparison.Ordinal));
        Assert.NotEqual(0, (await Straight.ExecAsync(pod.Main, "/bin/busybox", "test", "-e", "/tmp/ran")).ExitCode);
        Assert.Equal(PermissionDenied, (await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.ExecUrlAsync(pod.Main, "/bin/busybox", "id"))).Code);
    }

    [Fact]
    public async Task T_E2_a_command_that_is_allowed_runs_and_is_on_record()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        Assert.Equal(0, (await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "touch", "/tmp/ran")).ExitCode);
        Assert.Equal(0, (await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "touch", "/tmp/ran")).ExitCode);

        Assert.Equal(0, (await Straight.ExecAsync(pod.Main, "/bin/busybox", "test", "-e", "/tmp/ran")).ExitCode);
        // The second is one more of the same.
        var decided = Assert.Single(await EventsAsync("call.decided", "ExecSync"));
        Assert.Equal("true", Details(decided).GetProperty("novel").GetString());
        Assert.Equal("every-pod", decided.GetProperty("findings")[0].GetProperty("rule").GetString());
        Assert.Equal(pod.Spec.Containers[0].Name, decided.GetProperty("container").GetProperty("name").GetString());
    }

    [Fact]
    public async Task T_R1_a_file_of_the_cgroup_is_not_written_and_a_limit_is_changed_on_record()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var failure = await Assert.ThrowsAsync<CallFailedException>(
            () => Kubelet.UpdateAsync(pod.Main, new LinuxContainerResources { Unified = { ["memory.high"] = "1000000" } }));
        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("sets files of its cgroup `memory.high`", failure.Text);
        Assert.Empty(await EventsAsync("call.answered", "UpdateContainerResources"));

        await Kubelet.UpdateAsync(pod.Main, new LinuxContainerResources { CpuShares = 512 });
        await Kubelet.UpdateAsync(pod.Main, new LinuxContainerResources { CpuShares = 256 });
        var last = Details((await EventsAsync("call.decided", "UpdateContainerResources"))[^1]);
        Assert.Equal(("256", "512"), (last.GetProperty("set.cpu_shares").GetString(), last.GetProperty("before.cpu_shares").GetString()));
    }

    // It asks for nothing that a rule minds: that nobody judged it is enough.
    [Fact]
    public async Task T_C8_a_container_that_nobody_judged_is_not_started_and_one_of_an_earlier_run_is()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        var judged = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec, new() { Name = "judged" });
        var smuggled = await Straight.CreateAsync(pod.Sandbox, pod.Spec, new() { Name = "smuggled" });
        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);

        await Kubelet.StartAsync(judged);
        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.StartAsync(smuggled));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("this node's log does not have it", failure.Text);
        Assert.Equal(ContainerState.ContainerCreated, (await Straight.ContainerStatusAsync(smuggled)).Status.State);
    }

    [Fact]
    public async Task T_K1_a_container_that_joins_the_processes_of_another_is_refused()
    {
        await using var pod = await Kubelet.RunAsync(Locked);
        var request = Kubelet.CreateRequest(pod.Sandbox, pod.Spec, new() { Name = "debugger" });
        request.Config.Linux.SecurityContext.NamespaceOptions = new NamespaceOption { Pid = NamespaceMode.Target, TargetId = pod.Main };
        const string create = "/runtime.v1.RuntimeService/CreateContainer";

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.Channel.CallAsync<CreateContainerResponse>(create, request));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("joins the processes of another container", failure.Text);
        Assert.Single(await Straight.ContainersAsync(pod.Sandbox));
    }

    private static JsonElement Details(JsonElement line) => line.GetProperty("details");
}
