using System.Runtime.InteropServices;
using CriGuard.TestBed;

namespace CriGuard.Load;

/// <summary>One run, from a node that is started for it to a report: all ways side by side, so that ratios hold on a busy machine.</summary>
internal static class LoadRun
{
    /// <summary>Time after the last call, in which CriGuard gives back code that it does not need any more.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(25);

    public static async Task<Report> RunAsync(LoadOptions options, Action<string> progress, CancellationToken cancellation)
    {
        progress("starting containerd, the byte splice and CriGuard");
        await using var node = await Node.StartAsync(cancellation);
        await using var ways = await Ways.OpenAsync(node, cancellation);
        await using var client = await LoadClient.StartAsync(cancellation);
        var calls = new CallLoad(client, options.Rounds);
        var rows = new List<Row>();

        async Task AddAsync(KubeletCall call, params Endpoint[] endpoints)
        {
            progress($"measuring {call.Name}");
            rows.AddRange(await calls.MeasureAsync(call, endpoints, cancellation));
        }

        await AddAsync(KubeletCall.Version, ways.Straight, ways.Splice, ways.Relayed);
        await AddAsync(KubeletCall.Status, ways.Straight, ways.Splice, ways.Relayed);
        await AddAsync(KubeletCall.ImageStatus, ways.Straight, ways.Splice, ways.Relayed, ways.Lifted);
        using (var kubelet = new Kubelet(node, node.RuntimeSocket))
        {
            progress($"creating {Crowd.Size} containers");
            await using var crowd = await Crowd.CreateAsync(kubelet, cancellation);
            await AddAsync(KubeletCall.ListContainers, ways.Straight, ways.Splice, ways.Relayed);
        }

        progress("measuring pod cycles");
        rows.AddRange(await new PodLoad(node, options.Pods).MeasureAsync([ways.Straight, ways.Judged], cancellation));

        progress("letting the proxies rest");
        await Task.Delay(Rest, cancellation);
        var footprints = ways.Footprints();
        var machine = $"{Environment.ProcessorCount} processors, Linux {Environment.OSVersion.Version}, {RuntimeInformation.ProcessArchitecture}";
        return new Report(machine, options, rows, footprints, Promise.All(rows, footprints));
    }
}
