using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The SELinux types that a workload may ask for.</summary>
public sealed record SeLinuxSetting(ImmutableArray<string> Types)
{
    /// <summary>What runtimes give by themselves, to ordinary containers, to those that run systemd, and to those under a hypervisor.</summary>
    private static readonly ImmutableArray<string> OfRuntimes = ["container_t", "container_init_t", "container_kvm_t"];

    public bool Allows(string type) => type.Length == 0 || Types.Contains(type);

    /// <summary>Whether a container may have it in the end, where the runtime chose it too.</summary>
    public bool AllowsToStart(string type) => Allows(type) || OfRuntimes.Contains(type);

    public SeLinuxSetting Allowing(ImmutableArray<string> types) => new([.. Types, .. types]);

    public IEnumerable<string> Said() => Types.Distinct().Order(StringComparer.Ordinal);
}
