using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>Rules that only some pods or nodes have.</summary>
public sealed class PolicyTests(Bed bed) : BehindPolicy(bed)
{
    private readonly string profile = Path.Combine(bed.Node.Directory, "no-mkdir.json");

    protected override string Policy => $$"""
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata:
          name: various
        rules:
          - name: strict
            mode: enforce
            match:
              podLabels: { tier: strict }
            noNewPrivileges: require
          - name: fixed
            mode: enforce
            match:
              namespaces: ["fix-*"]
            capabilities: { allow: [CHOWN, NET_BIND_SERVICE], action: fix }
          - name: profiled
            mode: enforce
            match:
              namespaces: [profiled]
            seccomp: { default: Localhost, profile: {{profile}} }
        """;

    [Fact]
    public async Task A_label_that_is_edited_away_while_the_pod_runs_loosens_nothing()
    {
        var strict = PodSpec.Ordinary with { Labels = new Dictionary<string, string> { ["tier"] = "strict" } };
        await using var pod = await Kubelet.RunAsync(strict);
        var edited = strict with { Labels = new Dictionary<string, string>() };

        var late = await Kubelet.CreateAsync(pod.Sandbox, edited, new() { Name = "late" });
        await Kubelet.StartAsync(late);

        Assert.True((await Straight.ProcessAsync(late)).NoNewPrivileges);
    }

    [Fact]
    public async Task A_label_that_is_added_while_the_pod_runs_tightens()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary);
        Assert.False((await Straight.ProcessAsync(pod.Main)).NoNewPrivileges);
        var edited = pod.Spec with { Labels = new Dictionary<string, string> { ["tier"] = "strict" } };

        var late = await Kubelet.CreateAsync(pod.Sandbox, edited, new() { Name = "late" });
        await Kubelet.StartAsync(late);

        Assert.True((await Straight.ProcessAsync(late)).NoNewPrivileges);
    }

    [Fact]
    public async Task A_rule_that_fixes_runs_the_container_without_what_it_must_not_have()
    {
        await using var pod = await Kubelet.RunAsync(PodSpec.Module with { Namespace = "fix-me" });

        var process = await Straight.ProcessAsync(pod.Main);
        Assert.False(process.MayHave(Capability.SysModule));
        Assert.False(process.MayHave(Capability.NetRaw));
        Assert.True(process.Has(Capability.Chown));
    }

    [Fact]
    public async Task A_profile_of_the_node_is_in_force_inside()
    {
        await File.WriteAllTextAsync(profile, """
            { "defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{ "names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO" }] }
            """);
        await using var pod = await Kubelet.RunAsync(PodSpec.Unconfined with { Namespace = "profiled" });

        var made = await Straight.ExecAsync(pod.Main, "/bin/busybox", "mkdir", "/tmp/new");

        Assert.Equal(1, made.ExitCode);
        Assert.Contains("Operation not permitted", made.Stderr.ToStringUtf8());
        Assert.Equal(2, (await Straight.ProcessAsync(pod.Main)).Seccomp);
    }

    [Fact]
    public async Task A_policy_that_is_read_anew_holds_from_the_next_pod_on()
    {
        await using (await Kubelet.RunAsync(PodSpec.Privileged))
        {
            await File.WriteAllTextAsync(Guard.PolicyFile, Policy + "\n" + """
                  - name: late
                    mode: enforce
                    privileged: deny
                """);
            await Command.OutputAsync("kill", "-HUP", $"{Guard.Id}");
            await EventAppearsAsync("policy.loaded");
        }

        var failure = await Assert.ThrowsAsync<CallFailedException>(() => Kubelet.RunAsync(PodSpec.Privileged));

        Assert.Contains("`late`", failure.Text);
    }

    [Fact]
    public async Task A_policy_file_that_is_replaced_is_in_force_without_anybody_asking()
    {
        await File.WriteAllTextAsync(Guard.PolicyFile + ".new", Policy.Replace("name: strict", "name: later", StringComparison.Ordinal));
        File.Move(Guard.PolicyFile + ".new", Guard.PolicyFile, overwrite: true);
        await EventAppearsAsync("policy.loaded");

        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Labels = new Dictionary<string, string> { ["tier"] = "strict" } });

        var created = (await EventsAsync("call.decided", "CreateContainer"))[0];
        Assert.Equal("later", created.GetProperty("changes")[0].GetProperty("rule").GetString());
    }

    [Fact]
    public async Task A_policy_that_can_not_be_read_anew_leaves_the_one_in_force()
    {
        await File.AppendAllTextAsync(Guard.PolicyFile, "\n  - name: [\n");
        await Command.OutputAsync("kill", "-HUP", $"{Guard.Id}");
        await EventAppearsAsync("policy.refused");

        await using var pod = await Kubelet.RunAsync(PodSpec.Ordinary with { Labels = new Dictionary<string, string> { ["tier"] = "strict" } });

        Assert.True((await Straight.ProcessAsync(pod.Main)).NoNewPrivileges);
    }

    private async Task EventAppearsAsync(string kind)
    {
        var patience = Bed.Patience;
        while (!(await Guard.EventsAsync()).Any(line => line.GetProperty("kind").GetString() == kind))
            patience.ThrowIfCancellationRequested();
    }
}
