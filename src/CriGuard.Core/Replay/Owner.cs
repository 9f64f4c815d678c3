using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Replay;

/// <summary>Whose pods these are, as far as their labels tell: for people alone, since whoever writes pods writes labels.</summary>
/// <param name="Namespace">Kubernetes namespace.</param>
/// <param name="Kind">`deployment`, `statefulset`, `daemonset`, `job` or `pod`.</param>
/// <param name="Name">Of the owner, without what is added for each pod.</param>
public sealed record Owner(string Namespace, string Kind, string Name)
{
    private const int SuffixLength = 5;

    public static Owner Of(PodIdentity pod, ImmutableSortedDictionary<string, string> labels)
    {
        // The second is that of clusters before 1.27.
        if ((Label(labels, "batch.kubernetes.io/job-name") ?? Label(labels, "job-name")) is { } job)
            return new Owner(pod.Namespace, "job", job);
        if (Label(labels, "pod-template-hash") is { } template && Before(pod.Name, $"-{template}-") is { } deployment)
            return new Owner(pod.Namespace, "deployment", deployment);
        if (Label(labels, "controller-revision-hash") is null)
            return new Owner(pod.Namespace, "pod", pod.Name);
        if (Label(labels, "statefulset.kubernetes.io/pod-name") is not null)
            return Suffixed(pod, "statefulset", static suffix => suffix.Length > 0 && suffix.All(char.IsAsciiDigit));
        return Suffixed(pod, "daemonset", static suffix => suffix.Length == SuffixLength);
    }

    private static string? Label(ImmutableSortedDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var value) && value.Length > 0 ? value : null;

    private static string? Before(string name, string middle) =>
        name.LastIndexOf(middle, StringComparison.Ordinal) is > 0 and var at ? name[..at] : null;

    private static Owner Suffixed(PodIdentity pod, string kind, Func<string, bool> isSuffix) =>
        pod.Name.LastIndexOf('-') is > 0 and var dash && isSuffix(pod.Name[(dash + 1)..])
            ? new Owner(pod.Namespace, kind, pod.Name[..dash])
            : new Owner(pod.Namespace, "pod", pod.Name);
}
