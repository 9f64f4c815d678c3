using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Name, namespace, uid and labels of a pod, as far as they are known before there is one.</summary>
internal static class PodNames
{
    private const string UnknownUid = "00000000-0000-0000-0000-000000000000";

    // What controllers put after the object's name; `x` stands for what is random.
    private static readonly Dictionary<string, string> Suffixes = new(StringComparer.Ordinal)
    {
        ["Pod"] = "",
        ["StatefulSet"] = "-0",
        ["Deployment"] = "-xxxxxxxxxx-xxxxx",
        ["CronJob"] = "-xxxxxxxx-xxxxx",
    };

    public static PodSandboxMetadata Metadata(PodTemplate pod, KubeletSettings settings, Assumptions assumed)
    {
        var name = pod.Name + Suffixes.GetValueOrDefault(pod.Kind, "-xxxxx");
        var given = pod.Object["metadata"]["namespace"].Text ?? settings.Namespace;
        if (given is null)
            assumed.Add("namespace `default` where a manifest names none: give `--namespace`");
        var uid = pod.Object["metadata"]["uid"].Text;
        if (uid is null || pod.Kind is not ("Pod" or "StatefulSet"))
            assumed.Add("uids of zeros and names that end in `xxxxx`: the cluster makes them");
        return new PodSandboxMetadata { Name = name, Namespace = given ?? "default", Uid = pod.Kind == "Pod" ? uid ?? UnknownUid : UnknownUid };
    }

    /// <summary>Those of the template, of its controller, and of the kubelet, which overwrites.</summary>
    public static Dictionary<string, string> Labels(PodTemplate pod, PodSandboxMetadata metadata)
    {
        var labels = new Dictionary<string, string>(pod.Metadata["labels"].Pairs, StringComparer.Ordinal);
        foreach (var (key, value) in Added(pod, metadata))
            labels.TryAdd(key, value);
        foreach (var (key, value) in Identity(metadata))
            labels[key] = value;
        return labels;
    }

    public static Dictionary<string, string> Identity(PodSandboxMetadata metadata) => new(StringComparer.Ordinal)
    {
        ["io.kubernetes.pod.name"] = metadata.Name,
        ["io.kubernetes.pod.namespace"] = metadata.Namespace,
        ["io.kubernetes.pod.uid"] = metadata.Uid,
    };

    private static IEnumerable<(string Key, string Value)> Added(PodTemplate pod, PodSandboxMetadata metadata) => pod.Kind switch
    {
        "Deployment" => [("pod-template-hash", "xxxxxxxxxx")],
        "StatefulSet" => [
            ("statefulset.kubernetes.io/pod-name", metadata.Name), ("apps.kubernetes.io/pod-index", "0"),
            ("controller-revision-hash", $"{pod.Name}-xxxxxxxxxx")],
        "DaemonSet" => [("controller-revision-hash", "xxxxxxxxxx"), ("pod-template-generation", "1")],
        "Job" => Job(pod.Name),
        "CronJob" => Job($"{pod.Name}-xxxxxxxx"),
        _ => [],
    };

    private static IEnumerable<(string Key, string Value)> Job(string name) =>
    [
        ("batch.kubernetes.io/job-name", name), ("job-name", name),
        ("batch.kubernetes.io/controller-uid", UnknownUid), ("controller-uid", UnknownUid),
    ];
}
