using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>Devices that are made in a container, or that its device cgroup lets it use, and that it did not ask for.</summary>
internal static class DeviceDrift
{
    public static IEnumerable<Deviation> Between(NodeFacts node, StartFacts facts, ContainerFacts asked, EffectiveSpec spec)
    {
        if (facts.IsPrivileged)
            yield break;
        foreach (var device in spec.Devices.Where(d => !OrdinaryDevices.Contains(d.Number)))
        {
            var wanted = asked.Devices.FirstOrDefault(d => IsAt(d, device.Path));
            if (wanted is null)
                yield return new Deviation(Aspect.Devices, $"device {Words.Quote(device.Path)} ({device.Number}), which it does not ask for");
            else if (node.Devices.TryGetValue(wanted.HostPath, out var found) && found.IsDevice && found.Number != device.Number)
                yield return new Deviation(Aspect.Devices, $"device {device.Number} at {Words.Quote(device.Path)} instead of {Words.Quote(wanted.HostPath)} ({found.Number})");
        }

        // A number alone is enough for who may make nodes; what stands there for a device above is its permission.
        var made = spec.Devices.Select(static d => d.Number).ToHashSet(StringComparer.Ordinal);
        foreach (var number in spec.AllowedDevices.Select(static d => d.Number).Distinct().Where(n => !OrdinaryDevices.Contains(n) && !made.Contains(n)))
            yield return new Deviation(Aspect.Devices, $"access to device {Words.Quote(number)}, which it does not ask for");
    }

    private static bool IsAt(DeviceRequest asked, string path)
    {
        var place = NodePath.Clean(asked.ContainerPath.Length > 0 ? asked.ContainerPath : asked.HostPath);
        return NodePath.IsAtOrBelow(NodePath.Clean(path), place);
    }
}
