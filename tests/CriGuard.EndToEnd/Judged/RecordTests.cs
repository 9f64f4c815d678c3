using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What is in the log after the fact.</summary>
public sealed class RecordTests(Bed bed) : BehindPolicy(bed)
{
    [Fact]
    public async Task T_E3_the_steps_of_a_pod_are_recorded_with_pod_caller_and_change()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Unconfined);

        Assert.Single(await EventsAsync("call.decided", "RunPodSandbox"));
        Assert.Single(await EventsAsync("call.decided", "StartContainer"));
        var created = Assert.Single(await EventsAsync("call.decided", "CreateContainer"));
        Assert.Equal("permit", created.GetProperty("verdict").GetString());
        Assert.Equal(pod.Spec.Uid, created.GetProperty("pod").GetProperty("uid").GetString());
        Assert.Equal(Environment.ProcessId, created.GetProperty("caller").GetProperty("pid").GetInt32());
        Assert.Equal(Environment.ProcessPath, created.GetProperty("caller").GetProperty("exe").GetString());
        var change = created.GetProperty("changes").EnumerateArray()
            .Single(change => change.GetProperty("field").GetString()!.EndsWith("security_context.seccomp", StringComparison.Ordinal));
        Assert.Contains("Unconfined", change.GetProperty("before").GetString());
        Assert.Contains("RuntimeDefault", change.GetProperty("after").GetString());
    }

    [Fact]
    public async Task The_answer_of_the_runtime_is_recorded_with_what_it_made()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var answered = Assert.Single(await EventsAsync("call.answered", "CreateContainer"));
        Assert.Equal(pod.Main, answered.GetProperty("container").GetProperty("id").GetString());
        Assert.Equal(0, answered.GetProperty("answer").GetProperty("code").GetInt32());
    }

    [Fact]
    public async Task A_refusal_is_recorded_in_the_words_that_were_sent()
    {
        var text = await RefusalAsync(PodSpec.Module);

        var refused = Assert.Single(await EventsAsync("call.decided", "CreateContainer"));
        Assert.Equal("refuse", refused.GetProperty("verdict").GetString());
        var finding = refused.GetProperty("findings").EnumerateArray()
            .First(finding => finding.GetProperty("effect").GetString()!.Equals("refuse", StringComparison.OrdinalIgnoreCase));
        Assert.Contains(finding.GetProperty("message").GetString()!, text);
        Assert.Empty(await EventsAsync("call.answered", "CreateContainer"));
    }

    [Fact]
    public async Task T_E4_a_command_is_recorded_without_what_its_arguments_say()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        await Kubelet.ExecAsync(pod.Main, "/bin/busybox", "echo", "secret");

        var exec = Assert.Single(await EventsAsync("call.decided", "ExecSync"));
        Assert.Equal("/bin/busybox", Detail(exec, "executable"));
        Assert.Equal("2", Detail(exec, "arguments"));
        Assert.DoesNotContain("secret", exec.ToString());
    }

    [Fact]
    public async Task T_Q7_a_flipped_bit_in_the_log_is_found()
    {
        await using (await Kubelet.RunAsync(PodSpec.Ordinary))
            Assert.Equal(0, (await Guard.CommandAsync("log", "verify")).ExitCode);
        await Guard.StopAsync();
        var segment = Directory.GetFiles(Guard.StateDirectory, "*.jsonl", SearchOption.AllDirectories).Order().First();
        var bytes = await File.ReadAllBytesAsync(segment);
        bytes[bytes.Length / 2] ^= 1;
        await File.WriteAllBytesAsync(segment, bytes);

        var verification = await Guard.CommandAsync("log", "verify");

        Assert.NotEqual(0, verification.ExitCode);
        Assert.Contains(Path.GetFileName(segment), verification.Output + verification.Errors);
    }

    [Fact]
    public async Task What_the_kernel_says_of_a_started_process_is_recorded()
    {
        await using var pod = (await Kubelet.RunAsync(PodSpec.Ordinary)) with { Kubelet = Straight };
        await Guard.StopAsync();

        var observed = Assert.Single(await Guard.EventsAsync(), line => line.GetProperty("kind").GetString() == "process.observed");
        var process = await Straight.ProcessAsync(pod.Main);
        Assert.Equal($"{process.Seccomp}", Detail(observed, "seccompMode"));
        Assert.Equal($"{process.SeccompFilters}", Detail(observed, "seccompFilters"));
        Assert.Equal($"{process.Effective:x16}", Detail(observed, "capabilities.effective"));
        Assert.Equal("true", Detail(observed, "noNewPrivileges"));
        Assert.Equal(pod.Main, observed.GetProperty("container").GetProperty("id").GetString());
        Assert.Equal(("", "false"), (Detail(observed, "drift"), Detail(observed, "isolated")));
        Assert.Contains(process.Namespaces["net"], Detail(observed, "namespaces"), StringComparison.Ordinal);
        Assert.DoesNotContain("network", Detail(observed, "nodeNamespaces"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_S11_what_gVisor_does_not_apply_is_recorded_and_not_shown_as_a_pass()
    {
        await using var pod = (await Kubelet.RunAsync(PodSpec.Sandboxed)) with { Kubelet = Straight };
        await Guard.StopAsync();

        var observed = Assert.Single(await Guard.EventsAsync(), line => line.GetProperty("kind").GetString() == "process.observed");
        Assert.Equal("true", Detail(observed, "isolated"));
        Assert.Contains("does not apply the spec's seccomp filter", Detail(observed, "notApplied"), StringComparison.Ordinal);
        Assert.Contains(" boot ", Detail(observed, "sandboxArguments"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_I4_what_runs_and_what_the_image_brought_is_recorded_without_values()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);

        var started = Assert.Single(await EventsAsync("call.decided", "StartContainer"));
        Assert.Equal(("/bin/busybox", "2", "0:0", "request"), (Detail(started, "executable"), Detail(started, "arguments"), Detail(started, "user"), Detail(started, "entryPointFrom")));
        Assert.Contains("PATH", Detail(started, "environmentBeyondRequest"), StringComparison.Ordinal);
        Assert.DoesNotContain("10.96.0.1", started.ToString(), StringComparison.Ordinal);
        Assert.False(started.TryGetProperty("findings", out var findings) && findings.ToString().Contains("drift", StringComparison.Ordinal), started.ToString());
    }

    private static string Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString()!;
}

/// <summary>A rule that only tells.</summary>
public sealed class AuditTests(Bed bed) : BehindPolicy(bed)
{
    protected override string Policy => """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: watch
        rules:
          - name: watched
            mode: audit
            seccomp: { default: RuntimeDefault }
            privileged: deny
        """;

    [Fact]
    public async Task The_pod_runs_unchanged_and_the_finding_is_recorded()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Privileged);

        Assert.True((await Straight.ProcessAsync(pod.Main)).Has(Capability.SysAdmin));
        var created = Assert.Single(await EventsAsync("call.decided", "CreateContainer"));
        Assert.Equal("permit", created.GetProperty("verdict").GetString());
        Assert.Contains(created.GetProperty("findings").EnumerateArray(), finding => finding.GetProperty("rule").GetString() == "watched");
    }
}
