using System.Reflection;
using CriGuard.Store.Events;
using CriGuard.Store.Status;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>Says every few seconds how the daemon is, for `criguard status`.</summary>
internal sealed class StatusReport(DaemonOptions options, CurrentPolicy policy, BypassWatch bypass, ConnectionSet connections, CallTally calls, EventLog events, TimeProvider time, ILogger log)
{
    /// <summary>Between two reports; one that is three times older is of a daemon that is gone or stuck.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Of this daemon.</summary>
    public static readonly string Version =
        typeof(StatusReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private readonly StatusFile _file = new(options.StateDirectory);
    private readonly DateTimeOffset _started = time.GetUtcNow();
    private bool _failing;

    /// <summary>Reports until <paramref name="stop"/>, then takes the last one away.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        Report();
        await Rounds.RunAsync(
            Period,
            time,
            () =>
            {
                Report();
                return Task.CompletedTask;
            },
            stop);
        Guarded(_file.Remove);
    }

    private void Report() => Guarded(() => _file.Write(Status()));

    private DaemonStatus Status() => new()
    {
        Time = time.GetUtcNow(),
        Pid = Environment.ProcessId,
        Started = _started,
        Version = Version,
        Listen = options.Listen.ToString(),
        Runtime = options.Runtime.ToString(),
        Policy = Path.GetFullPath(options.Policy),
        Revision = policy.Snapshot.Revision,
        BypassedUntil = bypass.Current?.Until,
        Clients = connections.Clients,
        Calls = calls.Counts,
        Sequence = events.Sequence,
    };

    /// <summary>A report that cannot be written is said once: calls go on.</summary>
    private void Guarded(Action act)
    {
        try
        {
            act();
            _failing = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_failing)
                Log.NoStatus(log, e.Message);
            _failing = true;
        }
    }
}
