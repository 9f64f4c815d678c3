namespace CriGuard.Load;

/// <summary>Measures small calls: one after another, and with several in flight on the one connection.</summary>
internal sealed class CallLoad(LoadClient client, int rounds)
{
    private const int Batch = 200;

    // Code that was compiled ahead of time is compiled again, better, once it has run a while.
    private const int WarmUpRounds = 2;

    private static readonly int[] InFlight = [1, 8, 32];

    public async Task<IReadOnlyList<Row>> MeasureAsync(KubeletCall call, IReadOnlyList<Endpoint> endpoints, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var inFlight in InFlight)
        {
            var asked = new Measurement(call.Method, call.Request, inFlight, rounds, Batch, endpoints.Select(endpoint => endpoint.Socket));
            await client.MeasureAsync(asked with { Rounds = WarmUpRounds }, cancellation);

            var before = Read(endpoints);
            var times = await client.MeasureAsync(asked, cancellation);
            var after = Read(endpoints);

            rows.AddRange(Row.Compare([.. endpoints.Select((endpoint, i) =>
                new Row(call.Name, inFlight, endpoint.Name, times[i], after[i]?.MicrosecondsSince(before[i]!) / times[i].Calls))]));
        }

        return rows;
    }

    private static List<CpuTime?> Read(IReadOnlyList<Endpoint> endpoints) =>
        [.. endpoints.Select(endpoint => endpoint.Proxy is { } proxy ? CpuTime.Read(proxy.Processes) : null)];
}
