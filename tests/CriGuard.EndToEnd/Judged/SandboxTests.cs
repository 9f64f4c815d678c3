using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>The life of pods that are routed, and what happens to those that cannot be.</summary>
public sealed class SandboxTests(Bed bed) : BehindPolicy(bed)
{
    private static readonly Dictionary<string, string> Gvisor = new() { ["criguard.io/sandbox"] = "gvisor" };

    [Fact]
    public async Task A_routed_pod_lives_as_one_that_asked_for_it_over_a_restart_of_the_gate()
    {
        var talker = new ContainerSpec { Name = "talker", Command = ["/bin/busybox", "sh", "-c", "echo hello; exec /bin/busybox sleep 100000"] };
        var pod = await Kubelet.RunAsync(PodSpec.Sandboxed with { Containers = [new(), talker] });
        Assert.Contains("Starting gVisor", await Kubelet.AppletAsync(pod.Main, "dmesg"));

        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
        using var again = new Kubelet(Bed.Node, Guard.Socket);

        Assert.Contains("Starting gVisor", await again.AppletAsync(pod.Containers[1], "dmesg"));
        Assert.NotNull((await again.ExecUrlAsync(pod.Main, "/bin/busybox", "true")).Host);
        Assert.Contains("hello", await LogAsync(pod.Spec, "talker"));
        var late = await again.CreateAsync(pod.Sandbox, pod.Spec, new ContainerSpec { Name = "late" });
        await again.StartAsync(late);
        Assert.StartsWith("runsc-sandbox", (await Straight.ProcessAsync(late)).CommandLine);
        await again.StopAsync(pod.Main);
        Assert.Equal(TestBed.Runtime.ContainerState.ContainerExited, (await again.ContainerStatusAsync(pod.Main)).Status.State);
        await again.RemovePodAsync(pod.Sandbox);
        Assert.DoesNotContain(await Straight.PodsAsync(), left => left.Id == pod.Sandbox);
        Assert.Empty(GroupsOf(pod.Spec));
    }

    [Fact]
    public async Task T_C1_a_label_that_is_edited_changes_nothing_for_the_running_pod_and_its_next_container()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = "runc" });

        var next = await Kubelet.CreateAsync(pod.Sandbox, pod.Spec with { Labels = Gvisor }, new ContainerSpec { Name = "next" });
        await Kubelet.StartAsync(next);

        Assert.Equal("runc", (await Straight.SandboxStatusAsync(pod.Sandbox)).Status.RuntimeHandler);
        Assert.DoesNotContain("Starting gVisor", await Straight.AppletAsync(next, "dmesg"));
        var findings = (await EventsAsync("call.decided", "CreateContainer"))[^1].GetProperty("findings").EnumerateArray().Select(static f => f.GetProperty("message").GetString());
        Assert.Contains("pod `team-a/ordinary` was edited since it was run: `gvisor` takes effect when it is run anew", findings);
    }

    [Fact]
    public async Task T_C1_a_label_that_is_taken_away_leaves_the_pod_in_gvisor_and_its_next_sandbox_is_on_record_as_weaker()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Sandboxed);
        var bare = pod.Spec with { Labels = new Dictionary<string, string>() };

        var next = await Kubelet.CreateAsync(pod.Sandbox, bare, new ContainerSpec { Name = "next" });
        await Kubelet.StartAsync(next);
        Assert.Contains("Starting gVisor", await Straight.AppletAsync(next, "dmesg"));
        await using var anew = await Kubelet.RunAsync(bare with { Uid = Guid.NewGuid().ToString(), Handler = "runc" });

        var findings = (await EventsAsync("call.decided", "RunPodSandbox"))[^1].GetProperty("findings").EnumerateArray().Select(static f => f.GetProperty("message").GetString());
        Assert.Contains("pod `team-a/sandboxed` is run under handler `runc`, and ran under handler `runsc` (gvisor) before", findings);
    }

    [Fact]
    public async Task A_pod_that_gvisor_cannot_serve_is_refused_before_it_is_started_and_told_what_to_change()
    {
        var container = await Assert.ThrowsAsync<CallFailedException>(
            () => Kubelet.RunAsync(PodSpec.Sandboxed with { Containers = [new() { Devices = ["/dev/null"] }] }));
        var annotated = await RefusalAsync(PodSpec.Sandboxed with { Annotations = new Dictionary<string, string> { ["dev.gvisor.flag.host-uds"] = "all" } });

        Assert.Equal(
            "criguard: container `main` asks for device `/dev/null`, which handler `runsc` (gvisor) cannot serve: forbidden by rule `sandboxed` (sandbox); "
            + "take the resource that brings it out of `resources.limits`, or the volume out of `volumes`", container.Text);
        Assert.Contains("configures handler `runsc` (gvisor) by annotation `dev.gvisor.flag.host-uds`", annotated);
    }

    [Fact]
    public async Task What_isolates_each_pod_is_told_as_the_process_tree_has_it()
    {
        await using var plain = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = "runc" });
        await using var routed = await Kubelet.RunAsync(PodSpec.Sandboxed with { Handler = "crun" });
        await using var around = await Straight.RunAsync(PodSpec.Sandboxed with { Name = "around" });

        var command = await Guard.CommandAsync("sandboxes", "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}", "-o", "json");
        var table = await Guard.CommandAsync("sandboxes", "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}");

        Assert.Equal((0, ""), (command.ExitCode, command.Errors));
        var report = JsonElement.Parse(command.Output);
        Assert.Equal(("runc", "runc", "runc", "", "runc", ""), Row(report, plain.Sandbox));
        // Debian's runsc hands its sentry only those flags that differ from its defaults, and ptrace is one.
        Assert.Equal(("crun", "runsc", "gvisor", "sandboxed", "runsc", ""), Row(report, routed.Sandbox));
        Assert.Equal(("?", "", "?", "?", "runc", ""), Row(report, around.Sandbox));
        Assert.Equal(
            ["runc", "gvisor", "runc"],
            ((string[])[plain.Sandbox, routed.Sandbox, around.Sandbox]).Select(id => Sandbox(report, id).GetProperty("level").GetString()));
        foreach (var pod in (string[])[plain.Sandbox, routed.Sandbox])
        {
            var shim = Processes().Single(p => p.Arguments.Contains("-id") && p.Arguments.Contains(pod));
            var told = Sandbox(report, pod).GetProperty("processes").EnumerateArray().Select(static p => p.GetInt32()).ToHashSet();
            Assert.Contains(shim.Pid, told);
            // Every sentry of the pod, found by its own arguments and not by the tree.
            var sentries = Processes().Where(p => p.Arguments is ["runsc-sandbox", ..] && IsBelow(p.Pid, shim.Pid)).Select(static p => p.Pid).ToList();
            Assert.Equal(pod == routed.Sandbox ? 2 : 0, sentries.Count);
            Assert.Subset(told, sentries.ToHashSet());
        }

        Assert.Equal(3, report.GetProperty("pods").GetInt32());
        Assert.Equal(1, report.GetProperty("levels").GetProperty("gvisor").GetProperty("pods").GetInt32());
        var (ofPlain, ofRouted) = (Sandbox(report, plain.Sandbox).GetProperty("pss").GetInt64(), Sandbox(report, routed.Sandbox).GetProperty("pss").GetInt64());
        Assert.InRange(ofPlain, 1, ofRouted);
        Assert.Contains("3 pods, ", table.Output);
    }

    private static (string Requested, string Handler, string Decided, string Rule, string Runtime, string Platform) Row(JsonElement report, string id)
    {
        var row = Sandbox(report, id);
        return (Text("requested"), Text("handler"), Text("decided"), Text("rule"), Text("runtime"), Text("platform"));

        string Text(string key) => row.TryGetProperty(key, out var value) ? value.GetString()! : "?";
    }

    private static JsonElement Sandbox(JsonElement report, string id) =>
        report.GetProperty("sandboxes").EnumerateArray().Single(s => s.GetProperty("id").GetString() == id);

    private static IReadOnlyList<(int Pid, string[] Arguments)> Processes() =>
    [
        .. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(static name => int.TryParse(name, out _))
            .Select(static name => (int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture), Arguments($"/proc/{name}/cmdline"))),
    ];

    private static bool IsBelow(int pid, int above)
    {
        while (pid > 1 && pid != above)
            pid = int.Parse(File.ReadLines($"/proc/{pid}/status").Single(static l => l.StartsWith("PPid:", StringComparison.Ordinal))[5..], System.Globalization.CultureInfo.InvariantCulture);
        return pid == above;
    }

    private static string[] Arguments(string path)
    {
        try
        {
            return File.ReadAllText(path).TrimEnd('\0').Split('\0');
        }
        catch (IOException)
        {
            return [];
        }
    }

    private async Task<string> LogAsync(PodSpec pod, string container)
    {
        var patience = Bed.Patience;
        var file = Path.Combine(Bed.Node.PodLogs, $"{pod.Namespace}_{pod.Name}_{pod.Uid}", container, "0.log");
        while (!File.Exists(file) || new FileInfo(file).Length == 0)
            patience.ThrowIfCancellationRequested();
        return await File.ReadAllTextAsync(file);
    }

    private static IEnumerable<string> GroupsOf(PodSpec pod) => Directory.EnumerateDirectories("/sys/fs/cgroup", $"pod{pod.Uid}", SearchOption.AllDirectories);
}

/// <summary>The handler that rules need is taken out of the runtime's configuration.</summary>
public sealed class VanishedHandlerTests(Bed bed) : BehindPolicy(bed)
{
    private string Configuration => Path.Combine(Bed.Node.Directory, "containerd.toml");

    [Fact]
    public async Task T_H6_a_handler_that_is_taken_away_gives_refusals_and_an_alarm_and_never_another_runtime()
    {
        var whole = await File.ReadAllTextAsync(Configuration);
        var at = whole.IndexOf("    [plugins.\"io.containerd.grpc.v1.cri\".containerd.runtimes.runsc]", StringComparison.Ordinal);
        var routed = PodSpec.Sandboxed;
        try
        {
            await ConfigureAsync(whole[..at]);

            var text = await RefusalAsync(routed);
            Assert.Contains("must not run without handler `runsc`, which the runtime does not offer", text);
            Assert.Empty(Directory.EnumerateDirectories("/sys/fs/cgroup", $"pod{routed.Uid}", SearchOption.AllDirectories));
            await using (await Kubelet.RunAsync(PodSpec.Ordinary))
            {
                // Pods that need it not run on.
            }

            var check = await Command.RunAsync(
                Checkout.Executable, ["policy", "check", Guard.PolicyFile, "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}"]);
            Assert.Equal(1, check.ExitCode);
            Assert.Contains("policy.yaml:8:13: handler `runsc` (gvisor), which rule `sandboxed` needs, is not offered by the runtime", check.Errors);
            Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
            Assert.Equal("runsc", (await EventAsync("handler.missing")).GetProperty("details").GetProperty("handler").GetString());
        }
        finally
        {
            await ConfigureAsync(whole);
        }

        using var again = new Kubelet(Bed.Node, Guard.Socket);
        await using var pod = await again.RunAsync(routed);
        Assert.Contains("Starting gVisor", await Straight.AppletAsync(pod.Main, "dmesg"));
    }

    private async Task ConfigureAsync(string text)
    {
        await Bed.Node.StopRuntimeAsync();
        await File.WriteAllTextAsync(Configuration, text);
        await Bed.Node.StartRuntimeAsync();
    }

    private async Task<JsonElement> EventAsync(string kind)
    {
        var patience = Bed.Patience;
        while (true)
        {
            patience.ThrowIfCancellationRequested();
            foreach (var line in await Guard.EventsAsync())
            {
                if (line.GetProperty("kind").GetString() == kind)
                    return line;
            }
        }
    }
}

/// <summary>Routing to a level above gVisor: behind the handler stands an ordinary OCI runtime here, so this shows the routing and no machine.</summary>
public sealed class StandInTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: machines
        handlers:
          - { name: runc, level: runc }
          - { name: kata-stand-in, level: kata }
        rules:
          - name: machines
            mode: enforce
            match:
              podLabels: { criguard.io/sandbox: gvisor }
            sandbox: kata
        """;

    [Fact]
    public async Task A_pod_is_routed_to_the_handler_of_that_level_and_what_really_runs_it_is_told()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Sandboxed with { Handler = "runc" });

        Assert.Equal("kata-stand-in", (await Straight.SandboxStatusAsync(pod.Sandbox)).Status.RuntimeHandler);
        var command = await Guard.CommandAsync("sandboxes", "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}");
        Assert.Equal(1, command.ExitCode);
        Assert.Contains("WEAKER THAN DECIDED", command.Output);
    }
}
