using System.Collections.Immutable;
using CriGuard.Core.Profiles.Seccomp.Bases;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Bases that are put under whatever profile a workload has.</summary>
/// <param name="Bases">Names of the shipped bases.</param>
/// <param name="RefusesOwn">A workload that asks for a file of its own is refused; else that is kept, and composed.</param>
public sealed record SeccompBaseSetting(ImmutableSortedSet<string> Bases, bool RefusesOwn)
{
    public static SeccompBaseSetting NoModules { get; } = new([SeccompCatalog.NoModules], RefusesOwn: false);
}

/// <summary>What one rule demands of seccomp.</summary>
/// <param name="Given">The profile given where none or Unconfined is asked for; null: not demanded.</param>
/// <param name="Base">Null: nothing is composed.</param>
internal sealed record SeccompDemand(SecurityProfile? Given, SeccompBaseSetting? Base)
{
    public static SeccompDemand? Of(Rule rule) => rule.Seccomp is null && rule.SeccompBase is null ? null : new SeccompDemand(rule.Seccomp, rule.SeccompBase);
}
