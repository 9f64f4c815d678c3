using System.Collections.Immutable;

namespace CriGuard.Doctor;

/// <summary>All checks of a node, in the order in which somebody on call would go through them.</summary>
internal static class Checkup
{
    public static ImmutableArray<Check> Of(NodeState node) => [.. GateChecks.Of(node), .. FileChecks.Of(node), .. KubeletChecks.Of(node), .. RuntimeChecks.Of(node), .. HostChecks.Of(node)];
}
