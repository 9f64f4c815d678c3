using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;
using ProfileType = CriGuard.TestBed.Runtime.SecurityProfile.Types.ProfileType;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What is really enforced, beside what was asked for and decided; and what came in between.</summary>
public sealed class InspectTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: proof
        rules:
          - name: hardened
            mode: enforce
            seccomp: { default: RuntimeDefault }
          - name: exact
            mode: enforce
            match: { namespaces: [exact] }
            drift: deny
        """;

    [Fact]
    public async Task T_Q3_what_a_base_spec_adds_behind_our_back_is_recorded_and_shown()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = "altered" });

        var started = Assert.Single(await EventsAsync("call.decided", "StartContainer"));
        var found = started.GetProperty("findings").EnumerateArray().Select(static f => $"{f.GetProperty("control")} {f.GetProperty("effect")}: {f.GetProperty("message")}").ToList();
        Assert.Contains("drift report: container `main` would start with `CAP_SYS_ADMIN` (bounding, effective, permitted), beyond what is asked for", found);
        Assert.Contains("drift report: container `main` would start with `/etc` at `/node`, which it does not ask for", found);
        var (code, container) = await InspectAsync(pod.Main);
        Assert.Equal((1, "differs"), (code, container.GetProperty("outcome").GetString()));
        Assert.Equal(["capabilities", "mounts"], container.GetProperty("differences").EnumerateArray().Select(static d => d.GetProperty("aspect").GetString()).Distinct());
        Assert.True((await Straight.ProcessAsync(pod.Main)).Has(Capability.SysAdmin));
        Assert.Equal("default SYS_ADMIN", Row(container, "capabilities: effective").GetProperty("kernel").GetString());
    }

    [Fact]
    public async Task T_C6_what_drift_forbids_is_not_started_and_nothing_of_it_ran()
    {
        var directory = Directory.CreateDirectory(Path.Combine(Guard.Directory, "proof")).FullName;
        var writes = new ContainerSpec { Command = ["/bin/busybox", "touch", "/proof/ran"], HostPaths = new Dictionary<string, string> { ["/proof"] = directory } };
        var altered = PodSpec.Ordinary with { Namespace = "exact", Handler = "altered", Containers = [writes] };

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(altered));

        Assert.Equal(PermissionDenied, failure.Code);
        Assert.Contains("forbidden by rule `exact` (drift)", failure.Text, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(directory, "ran")));
        await using var plain = await Kubelet.RunAsync(altered with { Handler = "", Uid = Guid.NewGuid().ToString() });
        await Straight.ExitCodeAsync(plain.Main, Bed.Patience);
        Assert.True(File.Exists(Path.Combine(directory, "ran")));
    }

    [Fact]
    public async Task T_C6_what_the_runtimes_add_of_themselves_is_no_drift()
    {
        var directory = Directory.CreateDirectory(Path.Combine(Guard.Directory, "data")).FullName;
        File.CreateSymbolicLink(Path.Combine(Guard.Directory, "link"), directory);
        ContainerSpec[] containers =
        [
            new() { Name = "plain" },
            new() { Name = "hardened", User = 1000, NoNewPrivileges = true, DropCapabilities = ["ALL"], AddCapabilities = ["NET_BIND_SERVICE"] },
            new() { Name = "device", Devices = ["/dev/null", "/dev/full"], HostPaths = new Dictionary<string, string> { ["/data"] = Path.Combine(Guard.Directory, "link") } },
            new() { Name = "unmasked", Unmasked = true, Seccomp = ProfileType.Unconfined, AddCapabilities = ["ALL"] },
        ];
        await using var pod = await Kubelet.RunAsync(new PodSpec("all-kinds") { Namespace = "exact", Containers = containers });
        await using var host = await Kubelet.RunAsync(new PodSpec("host") { Namespace = "exact", HostNetwork = true });
        await using var privileged = await Kubelet.RunAsync(PodSpec.Privileged with { Namespace = "exact" });
        await using var other = await Kubelet.RunAsync(new PodSpec("crun") { Namespace = "exact", Handler = "crun" });

        var command = await CommandAsync("inspect", "--all");

        Assert.Equal("7 containers: 0 differs, 0 not judged, 0 unknown, 0 isolated, 7 same", command.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1]);
        Assert.Equal(0, command.ExitCode);
    }

    [Fact]
    public async Task What_was_asked_and_what_was_decided_stand_beside_spec_and_kernel()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Unconfined);

        var (code, container) = await InspectAsync("team-a/unconfined");

        var row = Row(container, "seccomp");
        Assert.Equal(("Unconfined", "RuntimeDefault", "1 filter"), (row.GetProperty("asked").GetString(), row.GetProperty("decided").GetString(), row.GetProperty("kernel").GetString()));
        Assert.StartsWith("SCMP_ACT_ERRNO, ", row.GetProperty("spec").GetString(), StringComparison.Ordinal);
        Assert.Equal((0, "same"), (code, container.GetProperty("outcome").GetString()));
    }

    [Fact]
    public async Task T_C8_T_Q2_what_another_client_made_is_recorded_and_shown_as_not_judged()
    {
        await using var pod = await Straight.RunAsync(PodSpec.Ordinary);

        Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);

        await RecordedAsync(pod.Main);
        var (code, container) = await InspectAsync(pod.Main[..12]);
        Assert.Equal((1, "not judged"), (code, container.GetProperty("outcome").GetString()));
        Assert.Contains("not judged  team-a/ordinary main", (await CommandAsync("inspect", "--all")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_Q2_what_ctr_made_past_the_CRI_is_shown_as_not_judged_with_what_the_kernel_says_of_it()
    {
        await CtrAsync("run", "--detach", "--privileged", "--cgroup", $"{Bed.Node.PodGroup}/rogue", Node.Image, "rogue");
        try
        {
            Assert.DoesNotContain(await Straight.ContainersAsync(), static c => c.Id == "rogue");

            var (code, container) = await InspectAsync("rogue");

            Assert.Equal((1, "not judged", "k8s.io"), (code, container.GetProperty("outcome").GetString(), container.GetProperty("runtimeNamespace").GetString()));
            var process = ProcessView.Read(container.GetProperty("pid").GetInt32());
            Assert.Equal((0, true), (process.Seccomp, process.Has(Capability.SysAdmin)));
            Assert.Equal("off", Row(container, "seccomp").GetProperty("kernel").GetString());
            Assert.Contains("SYS_ADMIN", Row(container, "capabilities: effective").GetProperty("kernel").GetString(), StringComparison.Ordinal);
            Assert.Contains("not judged  no pod rogue", (await CommandAsync("inspect", "--all")).Output, StringComparison.Ordinal);
            Guard = await Guard.RestartAsync(Bed.Node, Bed.Patience);
            await RecordedAsync("rogue");
        }
        finally
        {
            await CtrAsync("tasks", "delete", "--force", "rogue");
            await CtrAsync("containers", "delete", "rogue");
        }
    }

    [Fact]
    public async Task T_Q2_a_container_that_ctr_started_again_after_its_end_is_not_judged()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        await Straight.StopAsync(pod.Main);

        await CtrAsync("tasks", "start", "--detach", "--null-io", pod.Main);

        var command = await CommandAsync("inspect", pod.Main, "-o", "json");
        var seen = JsonElement.Parse(command.Output).EnumerateArray().ToDictionary(static c => c.GetProperty("state").GetString()!);
        Assert.Equal(["exited", "running"], seen.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("", seen["exited"].GetProperty("runtimeNamespace").GetString());
        var again = seen["running"];
        Assert.Equal((1, "not judged", "team-a"), (command.ExitCode, again.GetProperty("outcome").GetString(), again.GetProperty("namespace").GetString()));
        Assert.Equal("/bin/busybox sleep 100000", ProcessView.Read(again.GetProperty("pid").GetInt32()).CommandLine);
        await CtrAsync("tasks", "delete", "--force", pod.Main);
    }

    [Fact]
    public async Task T_Q2_T_E3_a_process_that_somebody_entered_a_container_with_is_a_difference()
    {
        await using var pod = await Kubelet.RunAsync(new PodSpec("entered") { Containers = [new() { User = 1000, NoNewPrivileges = true }] });
        await CtrAsync("tasks", "exec", "--detach", "--exec-id", "alike", pod.Main, "/bin/busybox", "sleep", "100000");
        Assert.Equal("same", (await InspectAsync(pod.Main)).Container.GetProperty("outcome").GetString());

        await CtrAsync("tasks", "exec", "--detach", "--exec-id", "root", "--user", "0", pod.Main, "/bin/busybox", "sleep", "100000");
        // ctr has no flag for capabilities; the OCI runtime has. What runs on keeps what it was given to write to.
        await Bed.Node.WithItsMountsAsync("sh", "-c", $"exec runc --root /run/containerd/runc/k8s.io exec --detach --cap CAP_SYS_ADMIN {pod.Main} /bin/busybox sleep 100000 > /dev/null 2>&1 < /dev/null");

        var (code, container) = await InspectAsync(pod.Main);
        Assert.Equal((1, "differs"), (code, container.GetProperty("outcome").GetString()));
        var entered = container.GetProperty("differences").EnumerateArray().ToLookup(static d => d.GetProperty("aspect").GetString()!, static d => d.GetProperty("pid").GetInt32());
        Assert.True(ProcessView.Read(entered["capabilities"].Distinct().Single()).MayHave(Capability.SysAdmin));
        Assert.Equal(0u, ProcessView.Read(Assert.Single(entered["user"])).UserId);
        var first = await Straight.ProcessAsync(pod.Main);
        Assert.Equal((1000u, false), (first.UserId, first.MayHave(Capability.SysAdmin)));
        Assert.Contains("!   somebody entered it: pid ", (await CommandAsync("inspect", pod.Main)).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_S11_of_a_container_under_gVisor_it_is_said_what_is_not_applied()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Handler = "runsc" });

        var command = await CommandAsync("inspect", pod.Main);

        Assert.Equal(0, command.ExitCode);
        Assert.Contains("gVisor: it does not apply the spec's seccomp filter", command.Output, StringComparison.Ordinal);
        Assert.StartsWith("isolated ", (await CommandAsync("inspect", "--all")).Output, StringComparison.Ordinal);
    }

    private async Task RecordedAsync(string container)
    {
        while (!(await Guard.EventsAsync()).Any(line => line.GetProperty("kind").GetString() == "container.unaccounted" && line.GetProperty("container").GetProperty("id").GetString() == container))
            await Kubelet.VersionAsync(Bed.Patience);
    }

    private async Task<(int Code, JsonElement Container)> InspectAsync(string subject)
    {
        var command = await CommandAsync("inspect", subject, "-o", "json");
        Assert.Equal("", command.Errors);
        return (command.ExitCode, Assert.Single(JsonElement.Parse(command.Output).EnumerateArray()));
    }

    private Task<string> CtrAsync(params string[] arguments) =>
        Bed.Node.WithItsMountsAsync("ctr", ["--address", Bed.Node.RuntimeSocket, "--namespace", "k8s.io", .. arguments]);

    private Task<Command> CommandAsync(params string[] arguments) => Guard.CommandAsync([.. arguments, "--runtime-endpoint", $"unix://{Bed.Node.RuntimeSocket}"]);

    private static JsonElement Row(JsonElement container, string name) => container.GetProperty("rows").EnumerateArray().Single(r => r.GetProperty("name").GetString() == name);
}
