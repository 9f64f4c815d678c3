using System.Diagnostics;
using CriGuard.TestBed;
using CriGuard.TestBed.Pods;
using CriGuard.TestBed.Runtime;

namespace CriGuard.Load;

/// <summary>Measures whole pod cycles, one by one and in turns, with each of their steps.</summary>
internal sealed class PodLoad(Node node, int pods)
{
    private static readonly string[] Steps =
        ["RunPodSandbox", "CreateContainer", "StartContainer", "StopPodSandbox", "RemovePodSandbox", "pod cycle"];

    public async Task<IReadOnlyList<Row>> MeasureAsync(IReadOnlyList<Endpoint> endpoints, CancellationToken cancellation)
    {
        var tracks = endpoints.Select(endpoint => new Track(endpoint, new Kubelet(node, endpoint.Socket))).ToList();
        try
        {
            foreach (var track in tracks)
                await track.CycleAsync(cancellation);
            tracks.ForEach(track => track.Begin());
            for (var pod = 0; pod < pods; pod++)
            {
                // Each goes first every other time: what a cycle leaves to the runtime to clean up is the next one's burden.
                foreach (var track in pod % 2 == 0 ? tracks : Enumerable.Reverse(tracks))
                    track.Cycles.Add(await track.CycleAsync(cancellation));
            }

            return Rows(tracks);
        }
        finally
        {
            tracks.ForEach(track => track.Kubelet.Dispose());
        }
    }

    private static List<Row> Rows(List<Track> tracks)
    {
        var rows = new List<Row>();
        for (var step = 0; step < Steps.Length; step++)
        {
            var isWhole = step == Steps.Length - 1;
            rows.AddRange(Row.Compare([.. tracks.Select(track => new Row(
                Steps[step], 1, track.Endpoint.Name, Times.Of(track.Cycles.Select(cycle => cycle[step])), isWhole ? track.CpuPerCycle() : null))]));
        }

        return rows;
    }

    private sealed class Track(Endpoint endpoint, Kubelet kubelet)
    {
        private CpuTime? before;

        public Endpoint Endpoint => endpoint;

        public Kubelet Kubelet => kubelet;

        public List<TimeSpan[]> Cycles { get; } = [];

        public void Begin() => before = Read();

        public double? CpuPerCycle() => Read()?.MicrosecondsSince(before!) / Cycles.Count;

        /// <returns>The time of each step, and of all.</returns>
        public async Task<TimeSpan[]> CycleAsync(CancellationToken cancellation)
        {
            var pod = PodSpec.Ordinary;
            var watch = new Lap();
            var sandbox = await kubelet.RunSandboxAsync(pod, cancellation);
            watch.Next();
            var container = await kubelet.CreateAsync(sandbox, pod, pod.Containers[0], cancellation);
            watch.Next();
            await kubelet.StartAsync(container, cancellation);
            watch.Next();
            await CallAsync("StopPodSandbox", sandbox, cancellation);
            watch.Next();
            await CallAsync("RemovePodSandbox", sandbox, cancellation);
            watch.Next();
            return watch.All();
        }

        private CpuTime? Read() => endpoint.Proxy is { } proxy ? CpuTime.Read(proxy.Processes) : null;

        private Task<Empty> CallAsync(string method, string sandbox, CancellationToken cancellation) =>
            kubelet.Channel.CallAsync<Empty>("/runtime.v1.RuntimeService/" + method, new PodSandboxRequest { PodSandboxId = sandbox }, cancellation);
    }

    private sealed class Lap
    {
        private readonly List<TimeSpan> laps = [];
        private long last = Stopwatch.GetTimestamp();

        public void Next()
        {
            var now = Stopwatch.GetTimestamp();
            laps.Add(Stopwatch.GetElapsedTime(last, now));
            last = now;
        }

        public TimeSpan[] All() => [.. laps, laps.Aggregate((sum, lap) => sum + lap)];
    }
}
