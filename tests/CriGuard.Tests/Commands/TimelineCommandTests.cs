using CriGuard.Commands;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;

namespace CriGuard.Tests.Commands;

public sealed class TimelineCommandTests : IDisposable
{
    private static readonly PodIdentity Web = new("dev", "web-0", "u1");

    private readonly RecordedNode _node = new();

    [Fact]
    public async Task A_pods_story_is_told_in_order_with_what_was_not_seen()
    {
        await _node.Record();
        await RecordAsync(
            Event(EventKinds.CallDecided, 10, "ExecSync") with { Verdict = new("r1", [], []), Caller = new Caller(7, 0, "/usr/bin/kubelet"), Details = [new("executable", "sh"), new("arguments", "2"), new("tty", "false"), new("stdin", "false"), new("novel", "true")] },
            Event(EventKinds.CallAnswered, 11, "ExecSync") with { Answer = new(0, ""), Details = [new("exitCode", "3")] },
            Event(EventKinds.CallRepeated, 12, "ExecSync") with { Details = [new("repeats", "59"), new("first", "a"), new("last", "b"), new("exitCode", "3")] },
            Event(EventKinds.LogGap, 13, "") with { Pod = null, ContainerName = "", Details = [new("cause", "no daemon ran"), new("from", "x")] },
            Event(EventKinds.ContainerExited, 14, "") with
            {
                Details = [new("code", "137"), new("signal", "9"), new("oom", "true"), new("started", "2026-11-22T01:21:00.000000Z"), new("finished", "2026-11-22T01:31:30.000000Z"), new("while", "away")],
            },
            Event(EventKinds.ContainerRemoved, 15, ""),
            Event(EventKinds.LogGap, 16, "") with { Pod = null, Details = [new("cause", "of later")] });

        var run = await CommandRun.Of(TimelineCommand.Create(), "dev/web-0", "--state-dir", _node.Path);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            [
                "dev/web-0, uid u1",
                "2026-11-22 UTC",
                "  01:21:00.000  web               CreateContainer let through; seccomp: unset → RuntimeDefault (tenants)",
                "  01:22:00.000  web               container  made",
                "  01:30:00.000  web               ExecSync of `sh` with 2 arguments let through, by kubelet (pid 7, uid 0)",
                "  01:31:00.000  web               the command ended with 3",
                "  01:32:00.000  web               the same command ran 59 times more from a to b, exit code 3",
                "  01:33:00.000  node              NOT ALL IS ON RECORD: cause no daemon ran, from x",
                "  01:34:00.000  web               exited with 137, as signal 9 does, OUT OF MEMORY, at 01:31:30 after 10 min 30 s, while no daemon ran",
                "  01:35:00.000  web               removed, by no call through CriGuard",
            ],
            run.Lines);
    }

    [Fact]
    public async Task What_tenants_named_does_not_act_on_the_terminal()
    {
        await _node.Record();

        var run = await CommandRun.Of(TimelineCommand.Create(), "prod/db-0", "--state-dir", _node.Path);

        Assert.Contains("REFUSED", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', run.Output);
    }

    [Fact]
    public async Task A_pod_that_the_log_does_not_know_is_said()
    {
        await _node.Record();

        var run = await CommandRun.Of(TimelineCommand.Create(), "dev/web-1", "--state-dir", _node.Path);

        Assert.Equal((1, "criguard: the log has no event of pod `dev/web-1`\n"), (run.ExitCode, run.Error));
    }

    public void Dispose() => _node.Dispose();

    private static EventRecord Event(string kind, int minute, string method) => new()
    {
        Kind = kind, Time = RecordedNode.Time.AddMinutes(minute), Node = "n", Method = method.Length == 0 ? "" : $"runtime.v1.RuntimeService/{method}", Pod = Web, ContainerName = "web",
    };

    private async Task RecordAsync(params EventRecord[] records)
    {
        using var log = _node.Open();
        foreach (var record in records)
            await log.AppendAsync(record);
    }
}
