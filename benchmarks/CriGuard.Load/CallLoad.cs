namespace CriGuard.Load;

/// <summary>Measures small calls: one after another, and with several in flight on the one connection.</summary>
internal sealed class CallLoad(LoadClient client, int rounds)
{
    private const int Batch = 200;

    // Code that was compiled ahead of time is compiled again, better, when it has been called a number of times and a little later (tiered
    // compilation). A daemon that has run for a minute has that behind it.
    private static readonly (int InFlight, int WarmUpRounds)[] Steps = [(1, 10), (8, 2), (32, 2)];

    public async Task<IReadOnlyList<Row>> MeasureAsync(KubeletCall call, IReadOnlyList<Endpoint> endpoints, CancellationToken cancellation)
    {
        var rows = new List<Row>();
        foreach (var (inFlight, warmUpRounds) in Steps)
        {
            var asked = new Measurement(call.Method, call.Request, inFlight, rounds, Batch, endpoints.Select(endpoint => endpoint.Socket));
            await client.MeasureAsync(asked with { Rounds = warmUpRounds }, cancellation);

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
