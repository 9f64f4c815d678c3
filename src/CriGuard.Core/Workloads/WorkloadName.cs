namespace CriGuard.Core.Workloads;

/// <summary>
/// Which workload a pod belongs to, told by its name alone, as Kubernetes' controllers make names: labels say it too, but whoever writes pods writes
/// labels, and could deny it. A name may have several readings; a pod is of each workload that one of them gives.
/// </summary>
public static class WorkloadName
{
    /// <summary>What names end in that are random: no vowels, and no digit that looks like one (k8s.io/apimachinery, util/rand).</summary>
    private const string Random = "bcdfghjklmnpqrstvwxz2456789";

    /// <summary>What the ten digits become in it, in the hash of a pod's template; `x` stands for one in `criguard policy explain`.</summary>
    private const string Hashed = "456789bcdfx";

    private const int RandomLength = 5;
    private const int ShortestHash = 6;
    private const int LongestHash = 10;

    /// <summary>Longer names are cut before the random part is added (k8s.io/apiserver, storage/names).</summary>
    private const int LongestName = 63;
    private const int LongestStem = LongestName - RandomLength;

    /// <summary>True where a pod of this name is one of that workload's, or the pod of that very name.</summary>
    public static bool IsOf(string pod, string workload) => Readings(pod).Contains(workload, StringComparer.Ordinal) || IsCutFrom(pod, workload);

    /// <summary>The shortest reading: all pods of the same workload have the same.</summary>
    public static string Of(string pod)
    {
        var shortest = Readings(pod).Last();
        if (shortest != pod || !IsCut(pod))
            return shortest;
        var stem = pod[..LongestStem];
        return stem.LastIndexOf('-') is > 0 and var dash && stem[(dash + 1)..].All(IsHashed) ? stem[..dash] : stem.TrimEnd('-');
    }

    /// <summary>Longest first; the pod's own name is the first.</summary>
    private static IEnumerable<string> Readings(string pod)
    {
        yield return pod;
        // `db-0` of a StatefulSet.
        if (Split(pod, static s => s.All(char.IsAsciiDigit)) is { } set)
            yield return set;
        // `agent-x7k2p` of a DaemonSet, a ReplicaSet or a Job.
        if (Split(pod, static s => s.Length == RandomLength && s.All(static c => Random.Contains(c, StringComparison.Ordinal))) is not { } owner)
            yield break;
        yield return owner;
        // `web-66b6c48dd5-x7k2p` of a Deployment.
        if (Split(owner, static s => s.Length is >= ShortestHash and <= LongestHash && s.All(IsHashed)) is { } deployment)
            yield return deployment;
        // `report-29012345-x7k2p` of a CronJob, `render-3-x7k2p` of an indexed Job, and both in one.
        for (var job = Split(owner, static s => s.All(char.IsAsciiDigit)); job is not null; job = Split(job, static s => s.All(char.IsAsciiDigit)))
            yield return job;
    }

    /// <summary>What is before the last dash, where what is behind it is such a part.</summary>
    private static string? Split(string name, Func<string, bool> isPart) =>
        name.LastIndexOf('-') is > 0 and var dash && dash + 1 < name.Length && isPart(name[(dash + 1)..]) ? name[..dash] : null;

    private static bool IsCutFrom(string pod, string workload)
    {
        if (!IsCut(pod))
            return false;
        var (stem, whole) = (pod[..LongestStem], workload + "-");
        return whole.StartsWith(stem, StringComparison.Ordinal)
            || (stem.StartsWith(whole, StringComparison.Ordinal) && stem[whole.Length..] is { Length: <= LongestHash } part && part.All(IsHashed));
    }

    private static bool IsCut(string pod) => pod.Length == LongestName && pod[LongestStem..].All(static c => Random.Contains(c, StringComparison.Ordinal));

    private static bool IsHashed(char c) => Hashed.Contains(c, StringComparison.Ordinal);
}
