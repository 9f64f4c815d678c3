using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>The devices that every container has (runtime-spec, config-linux.md, "Default Devices"), the console, and the terminals of /dev/pts.</summary>
internal static class OrdinaryDevices
{
    private static readonly ImmutableHashSet<string> s_numbers = ["c 1:3", "c 1:5", "c 1:7", "c 1:8", "c 1:9", "c 5:0", "c 5:1", "c 5:2"];

    public static bool Contains(string number) => s_numbers.Contains(number) || number.StartsWith("c 136:", StringComparison.Ordinal);
}
