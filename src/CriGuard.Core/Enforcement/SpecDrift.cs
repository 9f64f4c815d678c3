using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>
/// Compares the spec that a runtime will start with the request that it keeps: what came in between (NRI plugins, base specs, CDI, checkpoints)
/// shows here, whether a rule speaks of it or not (T-C6). What runtimes add of themselves is no difference, nor is what is stricter.
/// </summary>
public static class SpecDrift
{
    /// <summary>What is weaker in the spec; of a runtime that keeps no requests, only what no request can ask for.</summary>
    public static ImmutableArray<Deviation> Between(NodeFacts node, StartFacts facts, EffectiveSpec spec)
    {
        var found = new List<Deviation>();
        found.AddRange(MountDrift.Unasked(facts, spec));
        found.AddRange(LaunchDrift.Unasked(spec));
        if (!facts.IsPrivileged && spec.AllDevices)
            found.Add(new Deviation(Aspect.Devices, "access to devices of any number, without being privileged"));
        if (facts.Asked is { } asked)
        {
            found.AddRange(ProfileDrift.Between(node, facts, asked, spec));
            found.AddRange(PrivilegeDrift.Between(facts, asked, spec));
            found.AddRange(NamespaceDrift.Between(facts, asked, spec));
            found.AddRange(MountDrift.Between(node, facts, asked, spec));
            found.AddRange(DeviceDrift.Between(node, facts, asked, spec));
            found.AddRange(LaunchDrift.Between(spec));
        }

        return [.. found.OrderBy(static d => d.Aspect)];
    }
}
