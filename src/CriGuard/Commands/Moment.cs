using System.Globalization;

namespace CriGuard.Commands;

/// <summary>A point in time as a person writes it: a span back from now (`90s`, `10m`, `2h`, `7d`), or RFC 3339, the time or its zone (then UTC) left out.</summary>
internal static class Moment
{
    private static readonly string[] Formats = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    public static bool TryParse(string text, DateTimeOffset now, out DateTimeOffset moment)
    {
        if (DateTimeOffset.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out moment))
            return true;
        if (!TryParseSpan(text, out var span) || span > now - DateTimeOffset.MinValue)
            return false;
        moment = now - span;
        return true;
    }

    /// <summary>`90s`, `10m`, `2h`, `7d`.</summary>
    public static bool TryParseSpan(ReadOnlySpan<char> text, out TimeSpan span)
    {
        span = default;
        if (text.Length < 2 || !int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return false;
        var unit = text[^1] switch { 's' => 1L, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit == 0 || count * unit > TimeSpan.MaxValue.Ticks / TimeSpan.TicksPerSecond)
            return false;
        span = TimeSpan.FromSeconds(count * unit);
        return true;
    }
}
