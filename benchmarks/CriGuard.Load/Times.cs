namespace CriGuard.Load;

/// <summary>What one call took at one endpoint, over many times, in microseconds.</summary>
/// <param name="Calls">How many were made.</param>
/// <param name="CallsPerSecond">While they were made: the turns of other endpoints are not in it.</param>
/// <param name="P50">Median of all.</param>
/// <param name="P99">99th percentile of all.</param>
/// <param name="Medians">Median of each round.</param>
internal sealed record Times(int Calls, double CallsPerSecond, double P50, double P99, IReadOnlyList<double> Medians)
{
    /// <summary>The times of calls that were made one by one, each a round.</summary>
    public static Times Of(IEnumerable<TimeSpan> calls)
    {
        var times = calls.Select(call => call.TotalMicroseconds).ToList();
        return new Times(times.Count, 1e6 / times.Average(), Quantile(times, 0.5), Quantile(times, 0.99), times);
    }

    /// <summary>Nearest rank.</summary>
    public static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted[(int)(share * sorted.Count)];
    }
}
