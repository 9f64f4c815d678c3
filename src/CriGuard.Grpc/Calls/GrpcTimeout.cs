namespace CriGuard.Grpc.Calls;

/// <summary>The value of <c>grpc-timeout</c>: one to eight digits and a unit (gRPC over HTTP/2, "Requests").</summary>
public static class GrpcTimeout
{
    public const string HeaderName = "grpc-timeout";

    private const int MaxDigits = 8;
    private const long MaxValue = 99_999_999;
    private const long NanosecondsPerTick = 100;

    // 120000 m
    // digits unit: H, M, S, m(illi), u (micro), n(ano)
    public static bool TryParse(ReadOnlySpan<byte> source, out TimeSpan timeout)
    {
        timeout = default;
        if (source.Length is < 2 or > MaxDigits + 1)
            return false;

        long value = 0;
        foreach (var digit in source[..^1])
        {
            if (!char.IsAsciiDigit((char)digit))
                return false;
            value = (value * 10) + (digit - '0');
        }

        long? ticks = source[^1] switch
        {
            (byte)'H' => value * TimeSpan.TicksPerHour,
            (byte)'M' => value * TimeSpan.TicksPerMinute,
            (byte)'S' => value * TimeSpan.TicksPerSecond,
            (byte)'m' => value * TimeSpan.TicksPerMillisecond,
            (byte)'u' => value * TimeSpan.TicksPerMicrosecond,
            (byte)'n' => (value + NanosecondsPerTick - 1) / NanosecondsPerTick, // Never shorter than asked for.
            _ => null,
        };
        timeout = new TimeSpan(ticks.GetValueOrDefault());
        return ticks is not null;
    }

    /// <summary>The finest unit that eight digits can hold, rounded up; nothing left is <c>0n</c>.</summary>
    public static string Format(TimeSpan timeout)
    {
        if (timeout <= TimeSpan.Zero)
            return "0n";
        if (timeout.Ticks <= MaxValue / NanosecondsPerTick)
            return $"{timeout.Ticks * NanosecondsPerTick}n";

        ReadOnlySpan<(long Ticks, char Unit)> units =
        [
            (TimeSpan.TicksPerMicrosecond, 'u'), (TimeSpan.TicksPerMillisecond, 'm'), (TimeSpan.TicksPerSecond, 'S'),
            (TimeSpan.TicksPerMinute, 'M'),
        ];
        foreach (var (ticks, unit) in units)
        {
            var count = Ceiling(timeout.Ticks, ticks);
            if (count <= MaxValue)
                return $"{count}{unit}";
        }

        return $"{Math.Min(Ceiling(timeout.Ticks, TimeSpan.TicksPerHour), MaxValue)}H";
    }

    private static long Ceiling(long value, long unit) => (value / unit) + (value % unit == 0 ? 0 : 1);
}
