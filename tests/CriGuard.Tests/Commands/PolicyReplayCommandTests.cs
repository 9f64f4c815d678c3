using System.Text.Json;
using CriGuard.Commands;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Capabilities;
using CriGuard.Core.Profiles.Seccomp;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Store.Policies;
using CriGuard.Tests.Daemon;
using Google.Protobuf;
using SecurityProfile = CriGuard.Core.Workloads.SecurityProfile;

namespace CriGuard.Tests.Commands;

/// <summary>Replays on a runtime that says what a test lets it say.</summary>
public sealed class PolicyReplayCommandTests : IAsyncLifetime, IDisposable
{
    private const string Head = "apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata: { name: p }\nrules: ";
    private const string Strict = Head + "[{ name: strict, mode: enforce, privileged: deny, seccomp: { default: RuntimeDefault } }]\n";

    private const string Sandbox = """
        { "config": { "metadata": { "name": "web-1f-a", "namespace": "dev", "uid": "u" }, "labels": { "pod-template-hash": "1f" }, "linux": { "security_context": {} } } }
        """;

    private readonly TempDirectory _directory = new();
    private readonly List<Container> _containers = [];
    private ScriptedRuntime _runtime = null!;
    private string _sandboxInfo = Sandbox;

    private string Socket => _directory.File("runtime.sock");

    public async Task InitializeAsync()
    {
        _runtime = await ScriptedRuntime.StartAsync(Socket);
        var metadata = new PodSandboxMetadata { Name = "web-1f-a", Namespace = "dev", Uid = "u" };
        Reply("ListPodSandbox", _ => new ListPodSandboxResponse
        {
            Items =
            {
                new PodSandbox { Id = "s1", Metadata = metadata, Labels = { ["pod-template-hash"] = "1f" } },
                new PodSandbox { Id = "s0", Metadata = metadata, State = PodSandboxState.SandboxNotready },
            },
        });
        Reply("PodSandboxStatus", _ => new PodSandboxStatusResponse { Status = new() { Id = "s1", Metadata = metadata }, Info = { ["info"] = _sandboxInfo } });
        Reply("ListContainers", _ => new ListContainersResponse { Containers = { _containers } });
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_container_is_judged_by_the_request_that_made_it_and_the_runtime_is_only_asked()
    {
        Containers(("web", """{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "privileged": true } } } }"""));

        var run = await ReplayAsync(Strict);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.StartsWith("refused     dev/web (deployment, 1 pod: web-1f-a)\n", run.Output, StringComparison.Ordinal);
        Assert.Contains("\n  container `web`: container `web` ", run.Output, StringComparison.Ordinal);
        Assert.EndsWith(": 1 refused, 0 unjudged, 0 changed, 0 audited, 0 unchanged\n", run.Output, StringComparison.Ordinal);
        Assert.Equal(
            ["ContainerStatus", "ListContainers", "ListPodSandbox", "PodSandboxStatus"],
            _runtime.Requests.Select(static request => request.Method).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_would_be_changed_and_what_would_not_ends_with_0()
    {
        Containers(("web", """{ "config": { "metadata": { "name": "web" } } }"""));

        var changed = await ReplayAsync(Strict, "-o", "json");
        var unchanged = await ReplayAsync(Head + "[]\n");

        var part = JsonElement.Parse(changed.Output).GetProperty("workloads")[0].GetProperty("parts")[1];
        Assert.Equal((0, "changed", "request"), (changed.ExitCode, part.GetProperty("outcome").GetString(), part.GetProperty("basis").GetString()));
        Assert.Equal("RuntimeDefault", part.GetProperty("changes")[0].GetProperty("after").GetString());
        Assert.Equal(0, unchanged.ExitCode);
        Assert.Matches("^1 pod of 1 workload under policy [0-9a-f]{12}: 0 refused, 0 unjudged, 0 changed, 0 audited, 1 unchanged\n$", unchanged.Output);
    }

    [Fact]
    public async Task What_the_daemon_composed_is_found_in_its_state_directory_and_stays()
    {
        var files = new SeccompFiles(_directory.File("state"), TimeProvider.System);
        var node = files.Look(PolicyReader.Read(_directory.Write("strict.yaml", Strict)).Policy!, new NodeFacts(), asked: null).Seccomp!;
        var composed = node.Composer.Compose(["default"], own: null, new ProfileContext(CapabilitySet.RuntimeDefault, node.Machine, node.Kernel));
        var given = SecurityProfile.Localhost(node.PathOf(composed));
        files.Ensure([new Change("r", Control.Seccomp, "f", "unset", given.ToString(), new Edit.Seccomp(given) { File = composed })]);
        Containers(("web", $$"""{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "seccomp": { "profile_type": 2, "localhost_ref": "{{given.Reference}}" } } } } }"""));
        const string policy = Head + "[{ name: based, mode: enforce, match: { containers: [web] }, seccomp: { base: default } }]\n";

        var there = await ReplayAsync(policy, "--state-dir", _directory.File("state"));
        var elsewhere = await ReplayAsync(policy, "--state-dir", _directory.File("none"));

        Assert.Equal((0, 1), (there.ExitCode, elsewhere.ExitCode));
        Assert.EndsWith(": 0 refused, 0 unjudged, 0 changed, 0 audited, 1 unchanged\n", there.Output, StringComparison.Ordinal);
        Assert.Contains("it lies in none of", elsewhere.Output, StringComparison.Ordinal);
    }

    // CRI-O keeps no request.
    [Fact]
    public async Task A_runtime_that_keeps_no_request_has_its_runtime_spec_judged_and_that_is_said()
    {
        _sandboxInfo = """{ "runtimeSpec": { "annotations": { "io.kubernetes.cri-o.PrivilegedRuntime": "false" } } }""";
        Containers(("web", """{ "sandboxID": "s1", "privileged": false, "runtimeSpec": { "process": {}, "linux": { "maskedPaths": ["/proc/kcore"] } } }"""));

        var run = await ReplayAsync(Strict);

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("seccomp", run.Output, StringComparison.Ordinal);
        Assert.Contains("  container `web`: only its runtime spec could be judged", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_each_container_the_last_attempt_is_judged()
    {
        Containers(
            ("web", """{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "privileged": true } } } }"""),
            ("web", """{ "config": { "metadata": { "name": "web" } } }"""));

        Assert.Equal(0, (await ReplayAsync(Strict)).ExitCode);
    }

    [Fact]
    public async Task Audit_rules_count_when_they_are_asked_to()
    {
        Containers(("web", """{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "privileged": true } } } }"""));
        string audit = Strict.Replace("enforce", "audit", StringComparison.Ordinal);

        var audited = await ReplayAsync(audit);

        Assert.Equal(0, audited.ExitCode);
        Assert.StartsWith("audited ", audited.Output, StringComparison.Ordinal);
        Assert.Contains("container `web`: if enforced: ", audited.Output, StringComparison.Ordinal);
        Assert.Equal(1, (await ReplayAsync(audit, "--audit-as-enforce")).ExitCode);
    }

    [Fact]
    public async Task What_an_enforced_rule_refuses_is_not_said_again_for_an_audit_rule()
    {
        Containers(("web", """{ "config": { "metadata": { "name": "web" }, "linux": { "security_context": { "privileged": true } } } }"""));

        var run = await ReplayAsync(Head + "[{ name: a, mode: enforce, privileged: deny }, { name: b, mode: audit, privileged: deny, noNewPrivileges: require }]\n");

        Assert.Contains("(rule `a`, privileged)", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("(rule `b`, privileged)", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pod_that_the_runtime_tells_nothing_of_is_no_success()
    {
        Reply("PodSandboxStatus", _ => new PodSandboxStatusResponse { Info = { ["info"] = Sandbox } });
        Containers(("web", """{ "config": { "metadata": { "name": "web" } } }"""));

        var run = await ReplayAsync(Strict);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("container `web`: not judged: criguard: the runtime does not tell", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_runtime_or_a_sound_policy_nothing_can_be_told()
    {
        var wrong = await ReplayAsync(Strict.Replace("deny", "no", StringComparison.Ordinal));
        await _runtime.DisposeAsync();
        var alone = await ReplayAsync(Strict);
        _runtime = await ScriptedRuntime.StartAsync(Socket);

        Assert.Equal((2, ""), (wrong.ExitCode, wrong.Output));
        Assert.Contains("policy.yaml:4:", wrong.Error, StringComparison.Ordinal);
        Assert.Equal((2, ""), (alone.ExitCode, alone.Output));
        Assert.StartsWith("criguard: cannot tell what runs on this node: ", alone.Error, StringComparison.Ordinal);
    }

    /// <summary>Names and verbose status of containers, in the order of their attempts.</summary>
    private void Containers(params (string Name, string Info)[] containers)
    {
        foreach (var (attempt, (name, _)) in containers.Index())
            _containers.Add(new Container { Id = $"c{attempt}", PodSandboxId = "s1", Metadata = new ContainerMetadata { Name = name, Attempt = (uint)attempt } });
        Reply("ContainerStatus", request =>
        {
            string id = ContainerStatusRequest.Parser.ParseFrom(request).ContainerId;
            var (name, info) = containers[int.Parse(id[1..], System.Globalization.CultureInfo.InvariantCulture)];
            return new ContainerStatusResponse { Status = new() { Id = id, Metadata = new() { Name = name } }, Info = { ["info"] = info } };
        });
    }

    private void Reply(string method, Func<byte[], IMessage> reply) =>
        _runtime.Replies[method] = _ => Task.FromResult(reply(_runtime.Requests.Last().Message));

    private Task<CommandRun> ReplayAsync(string policy, params string[] flags) => CommandRun.Of(
        PolicyCommand.Create(), ["replay", "--policy", _directory.Write("policy.yaml", policy), "--runtime-endpoint", $"unix://{Socket}", .. flags]);
}
