using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace CriGuard.Core.Events;

/// <summary>What retention took off the front of a log, as its `log.trimmed` says it: the chain goes on without it, and its end is still proved.</summary>
/// <param name="First">Sequence of the first event that was removed.</param>
/// <param name="Last">Sequence of the last one.</param>
/// <param name="Before">Hash of the line in front of the first; none where the log began with it.</param>
/// <param name="Hash">Hash of the last line: the first that is left carries it.</param>
/// <param name="From">Time of the first event.</param>
/// <param name="To">Time of the last event.</param>
public sealed record RemovedEvents(long First, long Last, LineHash Before, LineHash Hash, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>`size` or `age`.</summary>
    public string Cause { get; init; } = "";

    /// <summary>Bytes that it took.</summary>
    public long Bytes { get; init; }

    /// <summary>What was wrong with the events when they were removed; empty where they were in order.</summary>
    public string Fault { get; init; } = "";

    /// <summary>Time of the first event that this log ever had.</summary>
    public DateTimeOffset Since { get; init; } = From;

    /// <summary>As the event has it.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Details =>
    [
        new("first", First.ToString(CultureInfo.InvariantCulture)),
        new("last", Last.ToString(CultureInfo.InvariantCulture)),
        new("from", Text(From)),
        new("to", Text(To)),
        new("before", Before.ToString()),
        new("hash", Hash.ToString()),
        new("bytes", Bytes.ToString(CultureInfo.InvariantCulture)),
        new("cause", Cause),
        new("since", Text(Since)),
        .. Fault.Length > 0 ? [new("fault", Fault)] : ImmutableArray<KeyValuePair<string, string>>.Empty,
    ];

    /// <summary>False where the event is no `log.trimmed` that was written here.</summary>
    public static bool TryRead(EventEntry entry, [NotNullWhen(true)] out RemovedEvents? removed)
    {
        removed = null;
        if (entry.Kind != EventKinds.LogTrimmed || !TryHash("before", out var before) || !TryHash("hash", out var hash)
            || !TryTime("from", out var from) || !TryTime("to", out var to) || !TryTime("since", out var since)
            || Number("first") is not (> 0 and var first) || Number("last") is not { } last || last < first)
        {
            return false;
        }

        removed = new RemovedEvents(first, last, before, hash, from, to) { Cause = Detail("cause"), Bytes = Number("bytes") ?? 0, Fault = Detail("fault"), Since = since };
        return true;

        string Detail(string name) => entry.Details.FirstOrDefault(d => d.Key == name).Value ?? "";
        long? Number(string name) => long.TryParse(Detail(name), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;
        bool TryHash(string name, out LineHash value) => LineHash.TryParse(Encoding.UTF8.GetBytes(Detail(name)), out value);
        bool TryTime(string name, out DateTimeOffset value) =>
            DateTimeOffset.TryParseExact(Detail(name), EventLine.TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out value);
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);
}
