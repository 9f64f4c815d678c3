using System.Diagnostics;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

public sealed class CrashTests : IDisposable
{
    private readonly LogFolder _folder = new();
    private readonly LogFolder _state = new();

    [Fact]
    public async Task A_process_killed_while_it_appends_loses_no_event_that_it_was_told_is_on_disk()
    {
        using var guard = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        var acknowledged = new List<string>();
        foreach (var until in (int[])[1, 20, 150, 400])
            acknowledged.AddRange(await AppendUntilKilled(until, guard.Token));

        using var key = SigningKey.Open(_state.Path);
        using var known = CheckpointKey.FromPem(key.PublicPem);
        EventLog.Open(_folder.Path, new EventLogOptions { Node = "n", Key = key }).Dispose();

        Assert.Empty(acknowledged.Except(_folder.Calls()));
        var proof = LogVerifier.Verify(_folder.Path, new ProofDemands { Keys = [known] });
        Assert.Null(proof.Fault);
        Assert.Equal(proof.Last.Sequence - 1, proof.Checkpoint!.Covers.Sequence);
    }

    private async Task<List<string>> AppendUntilKilled(int acknowledgements, CancellationToken cancellation)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(Appender).Assembly.Location, _folder.Path, _state.Path]) { RedirectStandardOutput = true, UseShellExecute = false };
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

    public void Dispose()
    {
        _folder.Dispose();
        _state.Dispose();
    }
}
