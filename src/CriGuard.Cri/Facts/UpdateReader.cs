using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>What an update of resources sets, and what was set before.</summary>
public static class UpdateReader
{
    internal static ResourceUpdate Read(UpdateContainerResourcesRequest request) =>
        Read([("", request.Linux)], request.Annotations.Keys.ToImmutableSortedSet(StringComparer.Ordinal));

    internal static ResourceUpdate Read(UpdatePodSandboxResourcesRequest request) =>
        Read([("overhead.", request.Overhead), ("resources.", request.Resources)], []);

    /// <summary>The container's resources as the runtime has them in its spec, by the CRI's names; empty where it does not tell.</summary>
    public static ImmutableSortedDictionary<string, string> Before(ContainerStatusResponse status) =>
        VerboseJson.Read(status.Info, "info", Nothing, static root => Before(root.At("runtimeSpec", "linux", "resources")));

    private static ImmutableSortedDictionary<string, string> Nothing { get; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    private static ResourceUpdate Read(ReadOnlySpan<(string Prefix, LinuxContainerResources? Sent)> parts, ImmutableSortedSet<string> annotations)
    {
        var values = Nothing.ToBuilder();
        var unified = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
        foreach (var (prefix, sent) in parts)
        {
            if (sent is null)
                continue;
            unified.UnionWith(sent.Unified.Keys);
            foreach (var (name, value) in Values(sent))
                values[prefix + name] = value;
        }

        if (!annotations.IsEmpty)
            values["annotations"] = string.Join(' ', annotations);
        return new ResourceUpdate(unified.ToImmutable(), annotations, values.ToImmutable());
    }

    // In proto3 a zero is what was not sent: the runtime leaves such a value as it is.
    private static IEnumerable<(string Name, string Value)> Values(LinuxContainerResources sent)
    {
        (string Name, long Value)[] numbers =
        [
            ("cpu_period", sent.CpuPeriod), ("cpu_quota", sent.CpuQuota), ("cpu_shares", sent.CpuShares), ("memory_limit_in_bytes", sent.MemoryLimitInBytes),
            ("memory_swap_limit_in_bytes", sent.MemorySwapLimitInBytes), ("oom_score_adj", sent.OomScoreAdj),
        ];
        foreach (var (name, value) in numbers.Where(static n => n.Value != 0))
            yield return (name, value.ToString(CultureInfo.InvariantCulture));
        if (sent.CpusetCpus.Length > 0)
            yield return ("cpuset_cpus", sent.CpusetCpus);
        if (sent.CpusetMems.Length > 0)
            yield return ("cpuset_mems", sent.CpusetMems);
        foreach (var limit in sent.HugepageLimits)
            yield return ($"hugepage_limits.{limit.PageSize}", limit.Limit.ToString(CultureInfo.InvariantCulture));
        foreach (var (file, value) in sent.Unified)
            yield return ($"unified.{file}", value);
    }

    // Names of the OCI runtime spec (config-linux.md, "Control groups").
    private static ImmutableSortedDictionary<string, string> Before(JsonElement resources)
    {
        (string Name, JsonElement Value)[] told =
        [
            ("cpu_period", resources.At("cpu", "period")), ("cpu_quota", resources.At("cpu", "quota")), ("cpu_shares", resources.At("cpu", "shares")),
            ("memory_limit_in_bytes", resources.At("memory", "limit")), ("memory_swap_limit_in_bytes", resources.At("memory", "swap")),
            ("cpuset_cpus", resources.At("cpu", "cpus")), ("cpuset_mems", resources.At("cpu", "mems")),
        ];
        var unified = resources.At("unified");
        var files = unified.IsObject() ? unified.EnumerateObject().Select(static f => ($"unified.{f.Name}", f.Value)) : [];
        return Nothing.SetItems(
            told.Concat(files).Where(static t => t.Item2.ValueKind is JsonValueKind.Number or JsonValueKind.String)
                .Select(static t => KeyValuePair.Create(t.Item1, t.Item2.ToString())));
    }
}
