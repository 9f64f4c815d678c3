using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Enforcement;

/// <summary>What is run: hooks on the node, and in the container what the image or somebody else put in the place of what was asked for (T-I4).</summary>
internal static class LaunchDrift
{
    /// <summary>CDI, NRI plugins and the runtime's own directories bring hooks, the last by annotation (T-N8).</summary>
    public static IEnumerable<Deviation> Unasked(EffectiveSpec spec)
    {
        if (spec.Hooks.IsEmpty)
            yield break;
        yield return new Deviation(Aspect.Hooks, $"{Words.List(spec.Hooks)} run on the node, which no request can ask for");
        // Hooks have run with the environment of the container (CVE-2025-23266).
        if (spec.Launch.Environment.Where(static name => name.StartsWith("LD_", StringComparison.Ordinal)).ToList() is { Count: > 0 } loader)
            yield return new Deviation(Aspect.Hooks, $"{Words.List(loader)} set by its image, in reach of what runs on the node");
    }

    public static IEnumerable<Deviation> Between(EffectiveSpec spec)
    {
        if (spec.Launch.Replaced)
            yield return new Deviation(Aspect.EntryPoint, $"{Words.Quote(spec.Launch.Executable)} and arguments that are not those asked for");
        if (!spec.Launch.Overridden.IsEmpty)
            yield return new Deviation(Aspect.EntryPoint, $"other values in the environment than are asked for: {Words.List(spec.Launch.Overridden)}");
    }
}
