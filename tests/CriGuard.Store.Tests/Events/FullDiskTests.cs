using System.Diagnostics;
using CriGuard.Core.Events;
using CriGuard.Store.Events;

namespace CriGuard.Store.Tests.Events;

/// <summary>On a file system of 64 KiB that is this test's own; mounting it takes root.</summary>
public sealed class FullDiskTests : IDisposable
{
    private readonly string _mount = Directory.CreateTempSubdirectory("criguard-full-").FullName;

    public FullDiskTests() => Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "criguard-test", _mount);

    private string Log => Path.Combine(_mount, "events");

    private string Ballast => Path.Combine(_mount, "ballast");

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task A_full_disk_fails_the_append_whole_and_the_next_one_works_once_there_is_space(int parallel)
    {
        File.WriteAllBytes(Ballast, new byte[32 * 1024]);
        using var log = EventLog.Open(Log, new EventLogOptions { Node = "n", SegmentBytes = 8192 });
        var (acknowledged, failures) = await FillUp(log, parallel);

        Assert.All(failures, failure => Assert.StartsWith($"event log `{Log}` cannot be written: No space left on device", failure.Message));
        Assert.Equal(acknowledged, Entries().Count(static e => e.CallId == "long"));
        Assert.Equal((true, 0), (LogVerifier.Verify(Log).Ok, LogVerifier.Verify(Log).Unfinished));

        File.Delete(Ballast);
        await log.AppendAsync(LogFolder.Event("after"));

        var entries = Entries();
        Assert.Equal("after", entries[^1].CallId);
        // Every event that failed is counted by a gap, however the failures fell into groups.
        Assert.Equal(failures.Count, entries.Where(static e => e.Kind == EventKinds.LogGap).Sum(static e => int.Parse(e.Details[0].Value)));
        Assert.True(LogVerifier.Verify(Log).Ok);
    }

    [Fact]
    public async Task A_log_is_opened_and_goes_on_where_the_disk_is_full()
    {
        File.WriteAllBytes(Ballast, new byte[32 * 1024]);
        using (var log = EventLog.Open(Log, new EventLogOptions { Node = "n", SegmentBytes = 8192 }))
            await FillUp(log, 1);

        using var next = EventLog.Open(Log, new EventLogOptions { Node = "n", SegmentBytes = 8192 });
        await Assert.ThrowsAsync<EventLogException>(() => next.AppendAsync(Long()).AsTask());
        File.Delete(Ballast);
        await next.AppendAsync(LogFolder.Event("after"));

        Assert.Equal([EventKinds.LogGap, EventKinds.CallDecided], Entries().TakeLast(2).Select(static e => e.Kind));
        Assert.True(LogVerifier.Verify(Log).Ok);
    }

    [Fact]
    public async Task A_log_within_its_bound_does_not_fill_its_disk()
    {
        using var log = EventLog.Open(Log, new EventLogOptions { Node = "n", SegmentBytes = 4096, KeepBytes = 16 * 1024 });
        for (var i = 0; i < 200; i++)
        {
            await log.AppendAsync(Long());
            await log.TrimAsync();
        }

        var proof = LogVerifier.Verify(Log);
        Assert.True(proof.Ok, proof.Fault?.Message);
        Assert.DoesNotContain(proof.Gaps, static gap => gap.Details.Any(static d => d.Key == "lost"));
    }

    [Fact]
    public void A_read_only_file_system_is_a_clear_error()
    {
        EventLog.Open(Log, new EventLogOptions { Node = "n" }).Dispose();
        Run("mount", "-o", "remount,ro", _mount);

        var refused = Assert.Throws<EventLogException>(() => EventLog.Open(Log, new EventLogOptions { Node = "n" }));

        Assert.StartsWith($"event log `{Log}` cannot be opened: Read-only file system", refused.Message);
    }

    public void Dispose()
    {
        Run("umount", _mount);
        Directory.Delete(_mount);
    }

    private static EventRecord Long() => LogFolder.Event("long") with { Node = new string('n', 1000), Method = new string('m', 1000), SandboxId = new string('s', 1000) };

    private static async Task<(int Acknowledged, List<EventLogException> Failures)> FillUp(EventLog log, int parallel)
    {
        var acknowledged = 0;
        var failures = new List<EventLogException>();
        while (failures.Count == 0)
        {
            foreach (var append in Enumerable.Range(0, parallel).Select(_ => log.AppendAsync(Long()).AsTask()).ToList())
            {
                var failure = await Record.ExceptionAsync(() => append);
                if (failure is null)
                    acknowledged++;
                else
                    failures.Add(Assert.IsType<EventLogException>(failure));
            }
        }

        return (acknowledged, failures);
    }

    private List<EventEntry> Entries()
    {
        using var reader = new EventReader(Log, EventFilter.All);
        return [.. reader.Read().Select(static e => e.Entry)];
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"`{program} {string.Join(' ', arguments)}` failed: these tests take root");
    }
}
