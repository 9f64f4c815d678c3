using System.Collections.Immutable;
using System.Text.Json;

namespace CriGuard.Cri.Facts;

/// <summary>One handler in containerd's configuration.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Annotations">Keys and globs of the annotations of pods and containers that reach it (`pod_annotations`, `container_annotations`).</param>
/// <param name="BaseSpec">The OCI spec that its containers begin with (`base_runtime_spec`); empty for containerd's own.</param>
/// <param name="GivesAllDevices">`privileged_without_host_devices_all_devices_allowed`: a privileged container may make a node of every device.</param>
public sealed record HandlerSettings(string Name, ImmutableArray<string> Annotations, string BaseSpec, bool GivesAllDevices)
{
    // The names are those of the JSON tags in containerd's Runtime structure: two of them are capitalised.
    internal static HandlerSettings Read(string name, JsonElement handler) => new(
        name,
        [.. handler.At("PodAnnotations").Items().Concat(handler.At("ContainerAnnotations").Items()).Select(VerboseJson.Text).Where(static a => a.Length > 0)],
        handler.At("baseRuntimeSpec").Text(),
        handler.At("privileged_without_host_devices_all_devices_allowed").IsTrue());
}
