namespace CriGuard.Load;

/// <summary>What one call took at one endpoint, over many times, in microseconds.</summary>
internal sealed record Times(int Calls, double CallsPerSecond, double P50, double P90, double P99, double Max)
{
    public static Times Of(IEnumerable<TimeSpan> calls)
    {
        var sorted = calls.Select(call => call.TotalMicroseconds).Order().ToList();
        double Quantile(double share) => sorted[Math.Min((int)(share * sorted.Count), sorted.Count - 1)];
        return new Times(sorted.Count, 1e6 / sorted.Average(), Quantile(0.5), Quantile(0.9), Quantile(0.99), sorted[^1]);
    }
}
