using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;
using CriGuard.Manifests;

namespace CriGuard.Tests.Manifests;

/// <summary>Manifests of tests, and what a kubelet sends for them.</summary>
internal static class Manifest
{
    /// <summary>A pod `team-a/web` with one container `web`, to which lines are added.</summary>
    public static string Pod(string spec = "", string container = "", string metadata = "") => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: web, namespace: team-a, uid: 2f1c{{(metadata.Length == 0 ? "" : ", " + metadata)}} }
        spec:
          {{spec}}
          containers:
          - name: web
            image: registry.example/web:1
            {{container}}
        """;

    public static PodSandboxConfig Sandbox(string spec = "", string container = "", string metadata = "") =>
        One(Pod(spec, container, metadata)).Sandbox.Config;

    public static ContainerConfig Container(string container = "", string spec = "", string metadata = "", KubeletSettings? settings = null) =>
        Assert.Single(One(Pod(spec, container, metadata), settings).Containers).Request.Config;

    public static LinuxContainerSecurityContext Context(string container = "", string spec = "", string metadata = "", KubeletSettings? settings = null) =>
        Container(container, spec, metadata, settings).Linux.SecurityContext;

    public static KubeletPod One(string text, KubeletSettings? settings = null, Assumptions? assumed = null) => Assert.Single(All(text, settings, assumed));

    /// <summary>The pods of a text without errors.</summary>
    public static IReadOnlyList<KubeletPod> All(string text, KubeletSettings? settings = null, Assumptions? assumed = null)
    {
        var errors = new HashSet<PolicyError>();
        var pods = Read(text, errors).Pods.Select(pod => KubeletPod.Of(pod, settings ?? new KubeletSettings(), assumed ?? new Assumptions())).ToList();
        Assert.Empty(errors.Select(static e => e.ToString()));
        return pods;
    }

    public static IEnumerable<string> Errors(string text)
    {
        var errors = new HashSet<PolicyError>();
        foreach (var pod in Read(text, errors).Pods)
            KubeletPod.Of(pod, new KubeletSettings(), new Assumptions());
        return PolicyReading.Failed(errors).Errors.Select(static e => e.ToString());
    }

    public static ManifestReading Read(string text, ISet<PolicyError> errors)
    {
        var reader = new ManifestReader(errors);
        reader.Add("m.yaml", text);
        return reader.Result();
    }
}
