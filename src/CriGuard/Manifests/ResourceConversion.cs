using System.Globalization;
using CriGuard.Cri.Runtime;

namespace CriGuard.Manifests;

/// <summary>Resources of a container (kubernetes, pkg/kubelet/kuberuntime/kuberuntime_container_linux.go), on a node with cgroup v2 and without swap.</summary>
internal static class ResourceConversion
{
    private const long Period = 100_000;
    private const long LeastQuota = 1_000;
    private const long LeastShares = 2;
    private const long MostShares = 262_144;
    private const string HugePages = "hugepages-";

    private static readonly string[] CriticalClasses = ["system-node-critical", "system-cluster-critical"];
    private static readonly string[] Native = ["cpu", "memory", "ephemeral-storage"];

    public static LinuxContainerResources Convert(PodTemplate pod, PodContainer container, Assumptions assumed)
    {
        var (requests, limits) = (container.Field["resources"]["requests"], container.Field["resources"]["limits"]);
        var cpuLimit = limits["cpu"].Amount?.Milli ?? 0;
        var memory = limits["memory"].Amount?.Whole ?? 0;
        var resources = new LinuxContainerResources
        {
            CpuPeriod = Period,
            CpuQuota = cpuLimit == 0 ? 0 : Math.Max(LeastQuota, cpuLimit * Period / 1000),
            CpuShares = Shares(requests["cpu"].Amount?.Milli is > 0 and var asked ? asked : cpuLimit),
            MemoryLimitInBytes = memory,
            MemorySwapLimitInBytes = memory,
            OomScoreAdj = OomScore(pod),
            Unified = { ["memory.oom.group"] = "1" },
        };
        foreach (var (name, amount) in limits.Entries)
        {
            if (name.StartsWith(HugePages, StringComparison.Ordinal))
                resources.HugepageLimits.Add(new HugepageLimit { PageSize = PageSize(name[HugePages.Length..]), Limit = (ulong)Math.Max(0, amount.Amount?.Whole ?? 0) });
            else if (!Native.Contains(name, StringComparer.Ordinal))
                assumed.Add($"no devices, mounts and annotations for `{name}`: its device plugin on the node adds them");
        }

        return resources;
    }

    private static long Shares(long milli) => milli == 0 ? LeastShares : Math.Clamp(milli * 1024 / 1000, LeastShares, MostShares);

    // Between guaranteed and best effort it depends on the node's memory; 999 is what the smallest request gets.
    private static long OomScore(PodTemplate pod)
    {
        var service = QualityOfService.Of(pod);
        if (service == ServiceClass.Guaranteed || CriticalClasses.Contains(pod.Spec["priorityClassName"].Text, StringComparer.Ordinal))
            return -997;
        return service == ServiceClass.BestEffort ? 1000 : 999;
    }

    // `2Mi` is `2MB` for the runtime.
    private static string PageSize(string size) => Quantity.Read(size) is not { Whole: > 0 } quantity
        ? size
        : quantity.Whole switch
        {
            >= 1L << 30 => string.Create(CultureInfo.InvariantCulture, $"{quantity.Whole >> 30}GB"),
            >= 1L << 20 => string.Create(CultureInfo.InvariantCulture, $"{quantity.Whole >> 20}MB"),
            var bytes => string.Create(CultureInfo.InvariantCulture, $"{bytes >> 10}KB"),
        };
}
