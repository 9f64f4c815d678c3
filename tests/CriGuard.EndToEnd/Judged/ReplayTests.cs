using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>A policy that is tried on the pods of a node before it decides.</summary>
[Collection(BedCollection.Name)]
public sealed class ReplayTests(Bed bed)
{
    private const int Refused = 1;
    private const int PermissionDenied = 7;

    private static string Baseline => Path.Combine(Checkout.Root, "profiles", "policies", "baseline.yaml");

    private static string Audit => Path.Combine(Checkout.Root, "profiles", "policies", "audit.yaml");

    [Fact]
    public async Task A_replay_names_what_a_policy_would_refuse_or_change_and_touches_nothing()
    {
        var kubelet = await bed.KubeletAsync(Way.ThroughCriGuard);
        await using var plain = await kubelet.RunAsync(PodSpec.Ordinary with { Containers = [new() { DropCapabilities = ["NET_RAW", "AUDIT_WRITE"], NoNewPrivileges = true }] });
        await using var privileged = await kubelet.RunAsync(PodSpec.Privileged);
        await using var unconfined = await kubelet.RunAsync(PodSpec.Unconfined with { Containers = [PodSpec.Unconfined.Containers[0] with { DropCapabilities = ["NET_RAW"] }] });
        await using var replica = await kubelet.RunAsync(Replica("web-5d4f7c9b8-abcde"));
        await using var other = await kubelet.RunAsync(Replica("web-5d4f7c9b8-fghij"));
        var before = await StateAsync(kubelet);

        var replay = await ReplayAsync(Baseline, "-o", "json");

        Assert.Equal((Refused, ""), (replay.ExitCode, replay.Errors));
        var report = JsonElement.Parse(replay.Output);
        Assert.Equal(("refused", "request"), Fares(report, "privileged"));
        Assert.Equal(("changed", "request"), Fares(report, "unconfined"));
        Assert.Equal(("unchanged", "request"), Fares(report, "ordinary"));
        Assert.Equal(("refused", "request"), Fares(report, "web"));
        Assert.Equal(["web-5d4f7c9b8-abcde", "web-5d4f7c9b8-fghij"], Workload(report, "web").GetProperty("pods").EnumerateArray().Select(static p => p.GetString()));
        Assert.Equal((5, 2), (report.GetProperty("pods").GetInt32(), report.GetProperty("refused").GetInt32()));
        Assert.Equal(before, await StateAsync(kubelet));
        Assert.Equal(PermissionDenied, await RefusalAsync(PodSpec.Privileged));
    }

    [Fact]
    public async Task Audit_rules_are_judged_as_enforced_where_that_is_asked_for()
    {
        var kubelet = await bed.KubeletAsync(Way.ThroughCriGuard);
        await using var privileged = await kubelet.RunAsync(PodSpec.Privileged);

        var audited = await ReplayAsync(Audit);
        var enforced = await ReplayAsync(Audit, "--audit-as-enforce");

        Assert.Equal(0, audited.ExitCode);
        Assert.Contains("audited     team-a/privileged (pod)\n  pod: if enforced: ", audited.Output);
        Assert.Equal(Refused, enforced.ExitCode);
        Assert.Contains("refused     team-a/privileged (pod)\n  pod: ", enforced.Output);
    }

    [Fact]
    public async Task Without_a_runtime_or_a_policy_nothing_is_said()
    {
        var nobody = await Command.RunAsync(Checkout.Executable, ["policy", "replay", "--policy", Baseline, "--runtime-endpoint", $"unix://{bed.Node.Directory}/none.sock"]);
        var nothing = await ReplayAsync(Path.Combine(bed.Node.Directory, "none.yaml"));

        Assert.Equal((2, ""), (nobody.ExitCode, nobody.Output));
        Assert.Contains("none.sock", nobody.Errors);
        Assert.Equal((2, ""), (nothing.ExitCode, nothing.Output));
        Assert.Contains("there is none", nothing.Errors);
    }

    // What the replay said is what the daemon does under that policy.
    private async Task<int> RefusalAsync(PodSpec spec)
    {
        await using var guard = await GuardProcess.StartAsync(bed.Node, "replayed", await File.ReadAllTextAsync(Baseline), Bed.Patience);
        using var kubelet = new Kubelet(bed.Node, guard.Socket);
        return (await Assert.ThrowsAsync<TestBed.Calls.CallFailedException>(() => kubelet.RunAsync(spec))).Code;
    }

    private static PodSpec Replica(string name) => PodSpec.Module with
    {
        Name = name,
        Labels = new Dictionary<string, string> { ["app"] = "web", ["pod-template-hash"] = "5d4f7c9b8" },
    };

    private Task<Command> ReplayAsync(string policy, params string[] flags) => Command.RunAsync(
        Checkout.Executable, ["policy", "replay", "--policy", policy, "--runtime-endpoint", $"unix://{bed.Node.RuntimeSocket}", "--pod-logs-dir", bed.Node.PodLogs, .. flags]);

    private static async Task<string> StateAsync(Kubelet kubelet) => string.Join(
        '\n', (await kubelet.PodsAsync()).Select(static p => $"{p.Id} {p.State} {p.CreatedAt}")
            .Concat((await kubelet.ContainersAsync()).Select(static c => $"{c.Id} {c.State} {c.CreatedAt}")).Order(StringComparer.Ordinal));

    private static (string? Outcome, string? Basis) Fares(JsonElement report, string name)
    {
        var workload = Workload(report, name);
        return (workload.GetProperty("outcome").GetString(), Assert.Single(workload.GetProperty("parts").EnumerateArray().Select(static p => p.GetProperty("basis").GetString()).Distinct()));
    }

    private static JsonElement Workload(JsonElement report, string name) =>
        Assert.Single(report.GetProperty("workloads").EnumerateArray(), w => w.GetProperty("name").GetString() == name);
}
