using System.CommandLine;
using System.Text;
using System.Text.Json;
using CriGuard.Commands;

namespace CriGuard.Tests.Commands;

public sealed class PolicyExplainCommandTests : IDisposable
{
    private const string Policy = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata: { name: p }
        handlers: [{ name: runc, level: runc }, { name: runsc, level: gvisor }]
        rules:
        - { name: tenants, mode: enforce, privileged: deny, seccomp: { default: RuntimeDefault } }
        - { name: strong, mode: enforce, match: { podLabels: { strong: "yes" } }, sandbox: gvisor }
        - { name: armoured, mode: enforce, match: { podLabels: { armoured: "yes" } }, appArmor: { default: Localhost, profile: tenant } }
        """;

    private const string Permitted = """
        kind: Pod
        metadata: { name: web, namespace: team-a, uid: 2f1c, labels: { strong: "yes" } }
        spec:
          automountServiceAccountToken: false
          containers:
          - { name: web, image: registry.example/web:1, securityContext: { runAsUser: 7 } }

        """;

    private const string Refused = """
        kind: Pod
        metadata: { name: db, namespace: team-a, uid: 3a0b }
        spec:
          automountServiceAccountToken: false
          containers:
          - name: db
            image: registry.example/db:1
            securityContext:
              runAsUser: 7
              privileged: true

        """;

    private readonly TempDirectory _folder = new();

    public PolicyExplainCommandTests() => _folder.Write("policy.yaml", Policy);

    [Fact]
    public async Task A_pod_that_is_permitted_ends_with_0_and_says_each_change()
    {
        var run = await Run(_folder.Write("web.yaml", Permitted));

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            $"""
            Pod `web` at {_folder.Path}/web.yaml:1:1: pod `team-a/web` is permitted
              sandbox under handler `runsc`: permit
                finding: change by `strong` (sandbox) at spec.runtimeClassName (not set)
                  pod `team-a/web` asks for the runtime's default handler
                change runtime_handler by `strong` (sandbox)
                  unset -> runsc
              container `web` at spec.containers[0]: permit
                finding: change by `tenants` (seccomp) at spec.containers[0].securityContext.seccompProfile (not set)
                  container `web` asks for seccomp `Unconfined`
                finding: report by `tenants` (seccomp) at spec.containers[0].securityContext.seccompProfile (not set)
                  container `web` runs under handler `runsc` (gvisor), which applies no seccomp profile of the node to it
                change config.linux.security_context.seccomp by `tenants` (seccomp)
                  Unconfined -> RuntimeDefault

            assumed: a kubelet with its defaults (`/var/lib/kubelet`, cgroup v2 by systemd, no swap) on a node without SELinux, and no admission webhook that changes the pod
            assumed: a kubelet without `seccompDefault`, which sends Unconfined where no seccomp profile is asked for: give `--seccomp-default` if it has it
            assumed: the runtime offers every handler that the policy or a pod names: give `--node`
            assumed: AppArmor is on, and every profile that the policy or a pod names is loaded in enforce mode: give `--node`
            1 pod, 0 refused, by policy revision
            """,
            run.Output[..run.Output.LastIndexOf(' ')]);
    }

    [Fact]
    public async Task A_pod_that_is_refused_ends_with_1_and_names_the_field_to_change()
    {
        var file = _folder.Write("db.yaml", Refused);

        var run = await Run(file);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("  container `db` at spec.containers[0]: refuse", run.Lines);
        Assert.Contains($"    finding: refuse by `tenants` (privileged) at spec.containers[0].securityContext.privileged ({file}:10:19)", run.Lines);
        Assert.StartsWith("1 pod, 1 refused, by policy revision ", run.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_refused_pod_of_several_files_is_a_refusal()
    {
        _folder.Write("db.yaml", Refused);
        _folder.Write("web.yaml", Permitted);
        var manifests = Directory.CreateDirectory(_folder.File("manifests")).FullName;
        File.WriteAllText(Path.Combine(manifests, "b.yml"), Permitted);
        File.WriteAllText(Path.Combine(manifests, "a.json"), """{ "kind": "Pod", "metadata": { "name": "j" }, "spec": { "containers": [ { "name": "c", "image": "i" } ] } }""");

        var run = await Run(_folder.File("web.yaml"), ["-f", _folder.File("db.yaml"), "-f", manifests]);

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["web", "db", "j", "web"], run.Lines.Where(static l => l.StartsWith("Pod ", StringComparison.Ordinal)).Select(static l => l.Split('`')[1]));
    }

    [Fact]
    public async Task Standard_input_is_a_file_of_several_documents()
    {
        var run = await Run("-", input: $"{Permitted}---\n{Refused}---\nkind: Service\n");

        Assert.Equal(1, run.ExitCode);
        Assert.Contains("Pod `db` at stdin:8:1: pod `team-a/db` is refused", run.Lines);
        Assert.Contains("not looked at: Service at stdin:19:1: it makes no pod that is known here", run.Lines);
    }

    [Fact]
    public async Task Pipelines_get_one_object_whose_keys_stay()
    {
        var run = await Run("-", ["-o", "json"], input: Refused + "---\nkind: Service\n");
        var root = JsonElement.Parse(run.Output);
        var pod = root.GetProperty("pods")[0];
        var finding = pod.GetProperty("calls")[1].GetProperty("findings")[0];
        var change = JsonElement.Parse((await Run("-", ["-o", "json"], input: Permitted)).Output).GetProperty("pods")[0].GetProperty("calls")[1].GetProperty("changes")[0];

        Assert.Equal(1, run.ExitCode);
        Assert.Equal(["schema", "verdict", "revision", "pods", "assumed", "skipped"], Keys(root));
        Assert.Equal(
            ["kind", "object", "file", "line", "column", "namespace", "pod", "verdict", "handlerAsked", "handler", "calls"], Keys(pod));
        Assert.Equal(["method", "container", "containerKind", "verdict", "message", "findings", "changes"], Keys(pod.GetProperty("calls")[1]));
        Assert.Equal(["rule", "control", "criField", "field", "file", "line", "column", "mode", "effect", "message", "remedy"], Keys(finding));
        Assert.Equal(["rule", "control", "criField", "field", "before", "after"], Keys(change));
        Assert.Equal(["kind", "file", "line", "column"], Keys(root.GetProperty("skipped")[0]));
        Assert.Equal(("criguard.io/explanation/v1", "refuse"), (root.GetProperty("schema").GetString(), root.GetProperty("verdict").GetString()));
        Assert.Equal(("spec.containers[0].securityContext.privileged", 10), (finding.GetProperty("field").GetString(), finding.GetProperty("line").GetInt32()));
    }

    [Theory]
    [InlineData("runsc", 0)]
    [InlineData("runc", 1)]
    public async Task A_node_that_is_given_decides_by_what_it_offers(string handler, int code)
    {
        var run = await Run(_folder.Write("web.yaml", Permitted), ["--node", _folder.Write("node.json", $$"""{ "runtimeHandlers": ["{{handler}}"] }""")]);

        Assert.Equal(code, run.ExitCode);
        Assert.DoesNotContain(run.Lines, static line => line.Contains("--node", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("registry.example", 0)]
    [InlineData("mirror.example", 1)]
    public async Task An_image_is_taken_to_be_what_the_manifest_says(string registry, int code)
    {
        _folder.Write("policy.yaml", $"{Policy}\n- {{ name: ours, mode: enforce, images: {{ registries: [{registry}] }} }}\n");

        var run = await Run(_folder.Write("web.yaml", Permitted));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(code == 1, run.Lines.Any(static line => line.Contains("by `ours` (images) at spec.containers[0].image", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("run.oci.handler", 1)]
    [InlineData("example.com/run", 0)]
    public async Task An_annotation_that_changes_the_runtime_is_named_by_its_field(string key, int code)
    {
        _folder.Write("policy.yaml", $"{Policy}\n- {{ name: plain, mode: enforce, annotations: deny }}\n");

        var run = await Run(_folder.Write("web.yaml", Permitted.Replace("labels:", $"annotations: {{ {key}: x }}, labels:", StringComparison.Ordinal)));

        Assert.Equal(code, run.ExitCode);
        Assert.Equal(2 * code, run.Lines.Count(static line => line.Contains("by `plain` (annotations) at metadata.annotations", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_profile_that_the_node_may_have_is_given_and_said_to_be_assumed()
    {
        var run = await Run("-", input: Permitted.Replace("strong", "armoured", StringComparison.Ordinal));

        Assert.Contains("      unset -> Localhost/tenant", run.Lines);
        Assert.Contains("assumed: AppArmor is on, and every profile that the policy or a pod names is loaded in enforce mode: give `--node`", run.Lines);
    }

    [Fact]
    public async Task Flags_say_what_the_manifest_does_not()
    {
        var bare = Permitted.Replace(", namespace: team-a", "", StringComparison.Ordinal).Replace("runAsUser: 7", "", StringComparison.Ordinal);

        var run = await Run(
            "-",
            [
                "-n", "team-b", "--seccomp-default", "--image-user", "registry.example/web:1=101",
                "--node", _folder.Write("node.json", """{ "runtimeHandlers": ["runsc"] }"""),
            ],
            bare);

        Assert.Contains("Pod `web` at stdin:1:1: pod `team-b/web` is permitted", run.Lines);
        Assert.Contains("  container `web` at spec.containers[0]: permit", run.Lines);
        Assert.DoesNotContain(run.Lines, static line => line.Contains("change by `tenants` (seccomp)", StringComparison.Ordinal));
        Assert.Equal(
            ["assumed: a kubelet with its defaults (`/var/lib/kubelet`, cgroup v2 by systemd, no swap) on a node without SELinux, and no admission webhook that changes the pod"],
            run.Lines.Where(static line => line.StartsWith("assumed", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("kind: Pod\nspec: 1\n", "stdin:1:1: the Pod has no `metadata.name`: add it\nstdin:1:1: the Pod has no `spec.containers`: add it\nstdin:2:7: `spec` is a number: write a map\n")]
    [InlineData("kind: Service\n", "criguard: no pod in what was given: the kinds that make one are `Pod`, `PodTemplate`, `Deployment`, `ReplicaSet`, `ReplicationController`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob`, `List`\n")]
    [InlineData("# nothing\n", "criguard: no pod in what was given: the kinds that make one are `Pod`, `PodTemplate`, `Deployment`, `ReplicaSet`, `ReplicationController`, `StatefulSet`, `DaemonSet`, `Job`, `CronJob`, `List`\n")]
    public async Task What_cannot_be_judged_ends_with_2_and_says_why(string manifest, string error) =>
        Assert.Equal(new CommandRun(2, "", error), await Run("-", input: manifest));

    [Fact]
    public async Task A_policy_or_a_file_that_is_not_there_ends_with_2()
    {
        var manifest = _folder.Write("web.yaml", Permitted);

        Assert.Equal(
            new CommandRun(2, "", $"{_folder.Path}/no.yaml: cannot read the file: there is none\n"),
            await CommandRun.Of(Command(""), "-f", manifest, "--policy", _folder.File("no.yaml")));
        Assert.Equal(new CommandRun(2, "", $"{_folder.Path}/no.yaml: cannot read the file: there is none\n"), await Run(_folder.File("no.yaml")));
        Assert.Equal(2, (await Run(manifest, ["--node", _folder.File("no.json")])).ExitCode);
        Assert.Equal(
            new CommandRun(2, "", "criguard: `--runtime-class` is `strong`: write `NAME=HANDLER`\n"), await Run(manifest, ["--runtime-class", "strong"]));
        Assert.Equal(
            new CommandRun(2, "", "criguard: no manifest is given: give `-f FILE`, or `-f -` for standard input\n"), await CommandRun.Of(Command("")));
    }

    [Fact]
    public async Task A_command_line_that_cannot_be_read_ends_with_2_and_not_with_that_of_a_refusal()
    {
        using var error = new StringWriter();
        using var output = new StringWriter();
        var streams = new InvocationConfiguration { Output = output, Error = error };

        Assert.Equal(2, await CommandLine.InvokeAsync(Command("").Parse("--no-such-flag"), streams));
        Assert.Equal(2, await CommandLine.InvokeAsync(Command("").Parse("-o yaml"), streams));
        Assert.Equal(
            1, await CommandLine.InvokeAsync(Command(Refused).Parse(["-f", "-", "--policy", _folder.File("policy.yaml")]), streams));
    }

    [Fact]
    public async Task What_a_manifest_says_cannot_act_on_the_terminal()
    {
        var run = await Run("-", input: Permitted.Replace("name: web,", "name: \"a\\e[2Jb\",", StringComparison.Ordinal));

        Assert.DoesNotContain('\u001b', run.Output + run.Error);
        Assert.Contains(@"a\u001b[2Jb", run.Output, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static IEnumerable<string> Keys(JsonElement element) => element.EnumerateObject().Select(static p => p.Name);

    private static Command Command(string input) => PolicyExplainCommand.Create(() => new MemoryStream(Encoding.UTF8.GetBytes(input)), TimeProvider.System);

    private Task<CommandRun> Run(string file, string[]? flags = null, string input = "") =>
        CommandRun.Of(Command(input), ["-f", file, "--policy", _folder.File("policy.yaml"), .. flags ?? []]);
}
