using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Golden;
using CriGuard.Manifests;
using CriGuard.Store.Policies;
using CriGuard.Tests.Daemon;
using Google.Protobuf;

namespace CriGuard.Tests.Manifests;

/// <summary>What is explained is what the daemon decides and records when a kubelet sends the same pod.</summary>
public sealed class SameVerdictTests
{
    private const string Rules = """

        - name: tenants
          mode: enforce
          match: { namespaces: [team-a] }
          seccomp: { default: RuntimeDefault }
          appArmor: { default: RuntimeDefault }
          capabilities: { allow: [CHOWN, NET_BIND_SERVICE], action: refuse }
          privileged: deny
          hostNamespaces: deny
          noNewPrivileges: require
        - name: watched
          mode: audit
          seccomp: { default: RuntimeDefault }
          privileged: deny
          hostNamespaces: deny
        - name: strong
          mode: enforce
          match: { podLabels: { strong: "yes" } }
          sandbox: gvisor
        - name: images
          mode: enforce
          match: { images: ["*/miner:*"] }
          capabilities: { allow: [], action: fix }
        handlers: [{ name: runc, level: runc }, { name: runsc, level: gvisor }, { name: kata, level: kata }]
        """;

    private static readonly string[] Handlers = ["runc", "runsc"];

    [Theory]
    [InlineData("")]
    [InlineData("securityContext: { allowPrivilegeEscalation: false, seccompProfile: { type: RuntimeDefault }, capabilities: { drop: [ALL] } }")]
    [InlineData("securityContext: { capabilities: { add: [SYS_ADMIN, CAP_CHOWN], drop: [NET_RAW] } }")]
    [InlineData("securityContext: { capabilities: { add: [ALL] }, appArmorProfile: { type: Localhost, localhostProfile: mine } }")]
    [InlineData("securityContext: { privileged: true }", "", "", "team-b")]
    [InlineData("securityContext: { privileged: true }")]
    [InlineData("securityContext: { procMount: Unmasked, runAsUser: 0 }", "hostNetwork: true")]
    [InlineData("securityContext: { runAsUser: 7 }", "hostPID: true, hostIPC: true", "", "team-b")]
    [InlineData("", "shareProcessNamespace: true, hostUsers: false", "annotations: { container.apparmor.security.beta.kubernetes.io/web: unconfined }")]
    [InlineData("", "", "labels: { strong: 'yes' }")]
    [InlineData("", "runtimeClassName: runc", "labels: { strong: 'yes' }")]
    [InlineData("", "runtimeClassName: kata", "labels: { strong: 'yes' }")]
    [InlineData("", "runtimeClassName: nvidia", "labels: { strong: 'yes' }", "team-b")]
    [InlineData("volumeMounts: [{ name: v, mountPath: /v, mountPropagation: Bidirectional }]", "volumes: [{ name: v, hostPath: { path: / } }]")]
    [InlineData("", "securityContext: { sysctls: [{ name: kernel.msgmax, value: '1' }], seccompProfile: { type: Localhost, localhostProfile: a.json } }", "", "team-b")]
    [InlineData("", "initContainers: [{ name: first, image: x/miner:1, securityContext: { capabilities: { add: [CHOWN] } } }]", "", "team-b")]
    [InlineData("", "ephemeralContainers: [{ name: debug, image: x/tools:1, targetContainerName: web, securityContext: { capabilities: { add: [SYS_PTRACE] } } }]")]
    public async Task The_daemon_decides_what_was_explained(string container, string spec = "", string metadata = "", string @namespace = "team-a")
    {
        await using var daemon = await RunningDaemon.StartAsync(Rules);
        // The shape of `Manifest.Pod` with more than one key of the spec.
        var pod = Manifest.One(Manifest.Pod(spec.Replace(", hostIPC", "\n  hostIPC", StringComparison.Ordinal).Replace(", hostUsers", "\n  hostUsers", StringComparison.Ordinal), container, metadata)
            .Replace("team-a", @namespace, StringComparison.Ordinal));
        var explained = Explain(pod);
        daemon.Runtime.Replies["Status"] = static _ => Task.FromResult<IMessage>(
            new StatusResponse { RuntimeHandlers = { Handlers.Select(static h => new RuntimeHandler { Name = h }) } });
        daemon.Runtime.Replies["PodSandboxStatus"] = _ => Task.FromResult<IMessage>(Status(daemon.Runtime));
        // The explanation names a container by its name, so here that is its id.
        daemon.Runtime.Replies["ListContainers"] = static _ => Task.FromResult<IMessage>(
            new ListContainersResponse { Containers = { new Container { Id = "web", PodSandboxId = KubeletPod.SandboxId, State = ContainerState.ContainerRunning } } });

        var ran = await daemon.CallAsync("RunPodSandbox", pod.Sandbox);
        var sent = explained.Calls.Take(ran.Status.IsOk ? int.MaxValue : 1).ToList();
        foreach (var call in sent.Skip(1))
            await daemon.CallAsync("CreateContainer", call.Container!.Request);
        await daemon.StopAsync();

        Assert.Equal(sent.Select(static call => Written(call.Method, call.Verdict)), Recorded(daemon.EventDirectory));
        Assert.Equal(!explained.Calls[0].Verdict.IsRefusal, ran.Status.IsOk);
    }

    private static ExplainedPod Explain(KubeletPod pod)
    {
        using var folder = new TempDirectory();
        var policy = PolicyReader.Read(folder.Write("policy.yaml", $"apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata:\n  name: test\nrules: {Rules}\n")).Policy;
        var node = KernelFacts.Node(new NodeFacts(), TimeProvider.System.GetUtcNow(), new Caller(1, 0, "/usr/bin/kubelet")) with { RuntimeHandlers = [.. Handlers] };
        // What `--node` tells of files, read as the daemon does.
        node = new SeccompFiles(folder.Path, TimeProvider.System).Look(policy!, node, Core.Workloads.SecurityProfile.Localhost("/var/lib/kubelet/seccomp/a.json"));
        return new Explainer(policy!, new GoldenNode(null) { Facts = node }, node.Now, new Assumptions()).Explain(pod);
    }

    /// <summary>What containerd says of the sandbox that it was told to run.</summary>
    private static PodSandboxStatusResponse Status(ScriptedRuntime runtime)
    {
        var run = RunPodSandboxRequest.Parser.ParseFrom(runtime.Requests.First(static r => r.Method == "RunPodSandbox").Message);
        var config = run.Config;
        var context = config.Linux.SecurityContext;
        var seccomp = new Dictionary<string, object> { ["profile_type"] = (int)context.Seccomp.ProfileType, ["localhost_ref"] = context.Seccomp.LocalhostRef };
        var status = new PodSandboxStatus
        {
            Id = KubeletPod.SandboxId,
            Metadata = config.Metadata,
            RuntimeHandler = run.RuntimeHandler,
            Linux = new LinuxPodSandboxStatus { Namespaces = new Namespace { Options = context.NamespaceOptions } },
            Labels = { config.Labels },
            Annotations = { config.Annotations },
        };
        var info = new { config = new { metadata = new { name = "" }, linux = new { security_context = new { privileged = context.Privileged, seccomp } } } };
        return new PodSandboxStatusResponse { Status = status, Info = { ["info"] = JsonSerializer.Serialize(info) } };
    }

    private static IEnumerable<string> Recorded(string directory)
    {
        foreach (var line in Directory.GetFiles(directory, "*.jsonl").Order(StringComparer.Ordinal).SelectMany(File.ReadLines))
        {
            if (!EventLineReader.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out var entry) || entry.Kind != EventKinds.CallDecided || entry.Verdict.Length == 0)
                continue;
            yield return Written(
                entry.Method[(entry.Method.LastIndexOf('/') + 1)..], entry.Verdict == EventVerdicts.Refuse,
                entry.Findings.Select(static f => $"{f.Mode} {f.Effect} {f.Rule} {f.Control} {f.Field}: {f.Message}; {f.Remedy}"),
                entry.Changes.Select(static c => $"{c.Rule} {c.Control} {c.Field}: {c.Before} -> {c.After}"), entry.Revision);
        }
    }

    private static string Written(string method, Verdict verdict) => Written(
        method, verdict.IsRefusal,
        verdict.Findings.Select(static f => $"{Word(f.Mode)} {Word(f.Effect)} {f.Rule} {f.Control.Name()} {f.Field}: {f.Message}; {f.Remedy}"),
        verdict.Changes.Select(static c => $"{c.Rule} {c.Control.Name()} {c.Field}: {c.Before} -> {c.After}"), verdict.Revision);

    private static string Written(string method, bool refuses, IEnumerable<string> findings, IEnumerable<string> changes, string revision) =>
        string.Join('\n', [$"{method} {(refuses ? "refuse" : "permit")} {revision}", .. findings, .. changes]);

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
