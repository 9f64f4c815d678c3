using System.Text.Json;
using CriGuard.TestBed;
using CriGuard.TestBed.Calls;
using CriGuard.TestBed.Pods;

namespace CriGuard.EndToEnd.Judged;

/// <summary>What `criguard policy explain` says of a manifest, beside what was recorded of the pod.</summary>
public sealed class ExplainTests(Bed bed) : BehindPolicy(bed)
{
    /// <summary>Pods and the manifests that a kubelet would have them from.</summary>
    public static TheoryData<string, string, string, int> Pods { get; } = new()
    {
        { "ordinary", "", "{ seccompProfile: { type: RuntimeDefault } }", 0 },
        { "module", "", "{ capabilities: { add: [SYS_MODULE] } }", 1 },
        { "privileged", "", "{ privileged: true }", 1 },
        { "unconfined", "", "{ seccompProfile: { type: Unconfined } }", 0 },
        { "sandboxed", ", labels: { criguard.io/sandbox: gvisor }", "{}", 0 },
    };

    [Theory]
    [MemberData(nameof(Pods))]
    public async Task What_is_recorded_of_a_pod_is_what_was_explained_of_its_manifest(string name, string metadata, string context, int code)
    {
        var spec = Spec(name);
        var manifest = Path.Combine(Guard.Directory, $"{name}.yaml");
        await File.WriteAllTextAsync(manifest, $$"""
            kind: Pod
            metadata: { name: {{spec.Name}}, namespace: {{spec.Namespace}}, uid: {{spec.Uid}}{{metadata}} }
            spec:
              containers:
              - name: main
                image: {{Node.Image}}
                securityContext: {{context}}
            """);
        var node = Path.Combine(Guard.Directory, "node.json");
        await File.WriteAllTextAsync(node, """{ "runtimeHandlers": ["runc", "crun", "runsc"] }""");

        var explained = await Command.RunAsync(
            Checkout.Executable, ["policy", "explain", "-f", manifest, "--policy", Guard.PolicyFile, "--node", node, "--seccomp-default", "-o", "json"]);
        await RunAsync(spec);

        Assert.Equal((code, ""), (explained.ExitCode, explained.Errors));
        var recorded = (await Guard.EventsAsync()).Where(line => IsDecision(line, spec)).ToList();
        Assert.Equal(SentByTheKubelet(Explained(explained.Output)), recorded.Select(Recorded));
    }

    /// <summary>After a refusal it sends no more of the pod.</summary>
    private static IEnumerable<string> SentByTheKubelet(IEnumerable<string> calls)
    {
        foreach (var call in calls)
        {
            yield return call;
            if (call.Contains(" refuse\n", StringComparison.Ordinal))
                yield break;
        }
    }

    private static PodSpec Spec(string name) => name switch
    {
        "module" => PodSpec.Module,
        "privileged" => PodSpec.Privileged,
        "unconfined" => PodSpec.Unconfined,
        "sandboxed" => PodSpec.Sandboxed,
        _ => PodSpec.Ordinary,
    };

    private async Task RunAsync(PodSpec spec)
    {
        try
        {
            await using var pod = await Kubelet.RunAsync(spec);
        }
        catch (CallFailedException e) when (e.Code == PermissionDenied)
        {
            // The decision is what is looked for.
        }
    }

    private static bool IsDecision(JsonElement line, PodSpec spec) =>
        line.GetProperty("kind").GetString() == "call.decided"
        && line.TryGetProperty("pod", out var pod) && pod.GetProperty("uid").GetString() == spec.Uid
        && Method(line) is "RunPodSandbox" or "CreateContainer";

    private static string Method(JsonElement line) => line.GetProperty("method").GetString()!.Split('/')[^1];

    private static string Recorded(JsonElement line) => Written(Method(line), line, "field");

    private static IEnumerable<string> Explained(string json) =>
        JsonElement.Parse(json).GetProperty("pods")[0].GetProperty("calls").EnumerateArray()
            .Select(static call => Written(call.GetProperty("method").GetString()!, call, "criField"));

    private static string Written(string method, JsonElement decision, string field) => string.Join(
        '\n',
        [
            $"{method} {decision.GetProperty("verdict").GetString()}",
            .. Entries(decision, "findings", ["rule", "control", "mode", "effect", field, "message", "remedy"]),
            .. Entries(decision, "changes", ["rule", "control", field, "before", "after"]),
        ]);

    private static IEnumerable<string> Entries(JsonElement decision, string list, string[] keys) =>
        decision.TryGetProperty(list, out var entries)
            ? entries.EnumerateArray().Select(entry => string.Join(' ', keys.Select(key => entry.TryGetProperty(key, out var value) ? value.GetString() : "")))
            : [];
}
