using CriGuard.Grpc.Calls;
using CriGuard.Linux.Systemd;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>
/// Tells systemd that calls get through, by making one as a client does. When one does not and the runtime itself answers, nothing is told,
/// and systemd starts the daemon anew; a runtime that does not answer is no fault that this would mend.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private const string Question = "/runtime.v1.RuntimeService/Version";

    /// <summary>Tries within the period that systemd allows.</summary>
    private const int Tries = 3;

    private readonly SystemdNotify _service;
    private readonly TimeSpan _step;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly RuntimeChannel _through;
    private readonly RuntimeChannel _straight;

    /// <param name="options">The daemon's socket and the runtime's.</param>
    /// <param name="service">Whom it tells.</param>
    /// <param name="period">What systemd allows between two signs of life.</param>
    /// <param name="time">For the steps.</param>
    /// <param name="log">For calls that do not get through.</param>
    public Watchdog(DaemonOptions options, SystemdNotify service, TimeSpan period, TimeProvider time, ILogger log)
    {
        (_service, _step, _time, _log) = (service, period / Tries, time, log);
        (_through, _straight) = (new RuntimeChannel(options.Listen.Path), new RuntimeChannel(options.Runtime.Path));
    }

    /// <summary>Tells it at every step until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var steps = new PeriodicTimer(_step, _time);
        try
        {
            do
            {
                if (await AnswersAsync(_through, stop) || !await AnswersAsync(_straight, stop))
                    _service.Alive();
                else
                    Log.NothingGetsThrough(_log);
            }
            while (await steps.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // The daemon ends.
        }
    }

    public void Dispose()
    {
        _through.Dispose();
        _straight.Dispose();
    }

    private async Task<bool> AnswersAsync(RuntimeChannel channel, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(_step / 2, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        try
        {
            var reply = await channel.CallAsync(Question, ReadOnlyMemory<byte>.Empty, headers: null, either.Token);
            return reply.Status.IsOk;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
