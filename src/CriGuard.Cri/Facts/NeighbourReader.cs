using System.Collections.Immutable;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>The containers of one sandbox.</summary>
public static class NeighbourReader
{
    /// <param name="response">The runtime's list; what is of other sandboxes is left out, whatever was asked for.</param>
    /// <param name="sandboxId">The sandbox's whole id.</param>
    public static ImmutableArray<Neighbour> Read(ListContainersResponse response, string sandboxId) =>
    [
        .. response.Containers.Where(c => c.PodSandboxId == sandboxId)
            .Select(static c => new Neighbour(c.Id, c.Metadata?.Name ?? "", c.State == ContainerState.ContainerRunning, Time(c.CreatedAt))),
    ];

    private static DateTimeOffset Time(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);
}
