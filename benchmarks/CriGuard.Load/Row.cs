namespace CriGuard.Load;

/// <summary>One call, with so many in flight, at one endpoint; ratios are to the same call of the same minute.</summary>
/// <param name="Call">Name of the call.</param>
/// <param name="InFlight">How many of it were under way at any time.</param>
/// <param name="Endpoint">Name of the way it went.</param>
/// <param name="Times">What it took there.</param>
/// <param name="CpuPerCall">Microseconds of processor that the proxy took for a call; null for the runtime itself.</param>
internal sealed record Row(string Call, int InFlight, string Endpoint, Times Times, double? CpuPerCall)
{
    /// <summary>Median and 99th percentile over those of the straight call.</summary>
    public Ratio? ToStraight { get; private init; }

    /// <summary>The same over those of the byte splice; null where the splice was not measured.</summary>
    public Ratio? ToSplice { get; private init; }

    /// <summary>Sets the ratios of the rows of one measurement.</summary>
    public static IEnumerable<Row> Compare(IReadOnlyList<Row> rows)
    {
        Times? Of(string endpoint) => rows.FirstOrDefault(row => row.Endpoint == endpoint)?.Times;
        return rows.Select(row => row with
        {
            ToStraight = row.Endpoint is Load.Endpoint.Straight ? null : Ratio.Of(row.Times, Of(Load.Endpoint.Straight)),
            ToSplice = row.Endpoint is Load.Endpoint.Straight or Load.Endpoint.Splice ? null : Ratio.Of(row.Times, Of(Load.Endpoint.Splice)),
        });
    }
}

/// <summary>How many times longer one endpoint takes than another.</summary>
/// <param name="P50">Of the medians of each round: the median of those, so that a machine that slows down between two rounds changes nothing.</param>
/// <param name="P99">Of the 99th percentiles of all calls.</param>
internal sealed record Ratio(double P50, double P99)
{
    public static Ratio? Of(Times times, Times? baseline) => baseline is null
        ? null
        : new Ratio(Times.Quantile(times.Medians.Zip(baseline.Medians, (own, other) => own / other), 0.5), times.P99 / baseline.P99);
}
