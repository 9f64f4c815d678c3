using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a pod that is to be restored with all its containers.</summary>
public static class RestoreReader
{
    public static RestoreFacts Read(Received<RestorePodRequest> request)
    {
        var message = request.Message;
        var anomalies = new List<Anomaly>(request.Anomalies);
        var sandbox = SandboxReader.Read(message.Config ?? new PodSandboxConfig(), "config", anomalies) with
        {
            RuntimeHandler = message.RuntimeHandler,
            Anomalies = [.. anomalies],
        };
        return new RestoreFacts
        {
            Sandbox = sandbox,
            Containers = [.. message.ContainerConfigs.Select((config, i) => ContainerReader.Read(config, Path(i), sandbox, []))],
            CheckpointPath = message.CheckpointPath,
            Options = message.Options.Keys.ToImmutableSortedSet(StringComparer.Ordinal),
        };
    }

    private static string Path(int number) => $"container_configs[{number.ToString(CultureInfo.InvariantCulture)}]";
}
