using System.Diagnostics;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class CrashTests : IDisposable
{
    private readonly LogFolder _folder = new();

    [Fact]
    public async Task A_process_killed_while_it_appends_loses_no_event_that_it_was_told_is_on_disk()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var acknowledged = new List<string>();
        foreach (var until in (int[])[1, 20, 150, 400])
            acknowledged.AddRange(await AppendUntilKilled(until, guard.Token));

        _folder.Open().Dispose();

        Assert.Empty(acknowledged.Except(_folder.Calls()));
        Assert.Null(LogVerifier.Verify(_folder.Path).Fault);
    }

    private async Task<List<string>> AppendUntilKilled(int acknowledgements, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Appender).Assembly.Location, _folder.Path]) { RedirectStandardOutput = true, UseShellExecute = false };
        using var process = Process.Start(start)!;
        var acknowledged = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            acknowledged.Add(line);
            if (acknowledged.Count == acknowledgements)
                process.Kill();
        }

        await process.WaitForExitAsync(cancellation);
        Assert.InRange(acknowledged.Count, acknowledgements, int.MaxValue);
        return acknowledged;
    }

    public void Dispose() => _folder.Dispose();
}
