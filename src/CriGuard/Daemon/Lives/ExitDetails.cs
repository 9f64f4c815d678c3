using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Lives;

/// <summary>What the event of an exit says, all by the runtime's word.</summary>
internal static class ExitDetails
{
    /// <summary>What runtimes and shells add to the number of the signal that ended a process.</summary>
    private const int SignalBase = 128;

    private const int LastSignal = 64;

    /// <param name="status">Of a container that has exited.</param>
    /// <param name="watchedSince">When this daemon started: what ended before happened while nobody looked.</param>
    public static ImmutableArray<KeyValuePair<string, string>> Of(ContainerStatus status, DateTimeOffset watchedSince)
    {
        var details = ImmutableArray.CreateBuilder<KeyValuePair<string, string>>();
        Add("code", status.ExitCode.ToString(CultureInfo.InvariantCulture));
        // A process that exits with 137 of its own accord looks the same.
        if (status.ExitCode is > SignalBase and <= SignalBase + LastSignal)
            Add("signal", (status.ExitCode - SignalBase).ToString(CultureInfo.InvariantCulture));
        if (status.Reason == "OOMKilled")
            Add("oom", "true");
        if (status.Reason.Length > 0)
            Add("reason", status.Reason);
        if (status.Message.Length > 0)
            Add("message", status.Message);
        if (status.StartedAt > 0)
            Add("started", Text(At(status.StartedAt)));
        if (status.FinishedAt > 0)
            Add("finished", Text(At(status.FinishedAt)));
        if (status.FinishedAt > 0 && At(status.FinishedAt) < watchedSince)
            Add("while", "away");
        return details.ToImmutable();

        void Add(string name, string value) => details.Add(new(name, value));
    }

    /// <summary>Of nanoseconds since 1970.</summary>
    public static DateTimeOffset At(long nanoseconds) => DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / TimeSpan.NanosecondsPerTick);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString(EventLine.TimeFormat, CultureInfo.InvariantCulture);
}
