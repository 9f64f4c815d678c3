using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Linux;

namespace CriGuard.Daemon;

/// <summary>What the node has where requests name devices and images: read for each call, since nodes and links are made while we run.</summary>
internal static class NodeDevices
{
    private static readonly DeviceReader Devices = new();

    public static NodeFacts WithDevices(this NodeFacts node, ContainerFacts facts) => node with
    {
        Devices = facts.Devices.Select(static d => d.HostPath).Distinct(StringComparer.Ordinal).ToImmutableDictionary(static path => path, Devices.Read),
    };

    public static NodeFacts WithDevices(this NodeFacts node, EffectiveSpec spec) => node with
    {
        Devices = spec.Devices.DistinctBy(static d => d.Number).ToImmutableDictionary(static d => d.Number, static d => Devices.Read(d.Kind, d.Major, d.Minor)),
    };

    /// <summary>Runtimes look for a file of that name from their own working directory, which systemd makes the root.</summary>
    public static NodeFacts WithPaths(this NodeFacts node, params IEnumerable<ImageFacts> images) => node with
    {
        Paths = [.. images.Select(static i => i.Reference).Where(static r => r.Length > 0 && !r.Contains('\0', StringComparison.Ordinal) && Path.Exists(Path.Combine("/", r)))],
    };
}
