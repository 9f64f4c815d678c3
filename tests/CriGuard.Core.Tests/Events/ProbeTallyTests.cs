using CriGuard.Core.Events;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Tests.Events;

public sealed class ProbeTallyTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    private readonly ProbeTally _tally = new();

    [Fact]
    public void The_first_is_written_whole_and_those_that_end_alike_are_counted()
    {
        Assert.Equal(["call.answered c0 0"], Run(0));
        Assert.Empty(Run(1));
        Assert.Empty(Run(2));
    }

    [Theory]
    [InlineData("command")]
    [InlineData("container")]
    [InlineData("sandbox")]
    [InlineData("pod")]
    [InlineData("process")]
    [InlineData("user")]
    [InlineData("executable")]
    [InlineData("detail")]
    [InlineData("revision")]
    [InlineData("finding")]
    public void T_E2_a_command_that_differs_in_anything_is_not_counted_as_a_probe(string what)
    {
        Run(0);
        var probe = Permitted(1);
        var command = what == "command" ? Probe + 1 : Probe;
        var other = what switch
        {
            "container" => probe with { ContainerId = "c2" },
            "sandbox" => probe with { SandboxId = "s2" },
            "pod" => probe with { Pod = new("team-a", "web-1", "u") },
            "process" => probe with { Caller = probe.Caller! with { Pid = 9 } },
            "user" => probe with { Caller = probe.Caller! with { Uid = 9 } },
            "executable" => probe with { Caller = probe.Caller! with { Executable = "/tmp/kubelet" } },
            "detail" => probe with { Details = [new("executable", "sh")] },
            "revision" => probe with { Verdict = new Verdict("r2", [], []) },
            "finding" => probe with { Verdict = new Verdict("r1", [new Finding("rule", Control.Access, RuleMode.Audit, Effect.Refuse, "f", "m", "")], []) },
            _ => probe,
        };

        Assert.True(_tally.TryCount(ProbeTally.Key(probe, Probe)!.Value, probe.Time));
        Assert.False(_tally.TryCount(ProbeTally.Key(other, command)!.Value, probe.Time));
    }

    [Fact]
    public void A_caller_that_cannot_be_told_is_written_each_time()
    {
        Assert.Null(ProbeTally.Key(Permitted(0) with { Caller = new Caller(0, 0, "/usr/bin/kubelet") }, Probe));
        Assert.Null(ProbeTally.Key(Permitted(0) with { Caller = new Caller(7, 0, "") }, Probe));
        Assert.Null(ProbeTally.Key(Permitted(0) with { Caller = null }, Probe));
    }

    [Fact]
    public void Another_end_is_written_at_once_behind_the_count_of_those_before()
    {
        Run(0);
        Run(1);

        Assert.Equal(["call.repeated c0 0 repeats=2", "call.answered c2 1"], Run(2, exitCode: 1));
        Assert.Empty(Run(3, exitCode: 1));
        Assert.Equal(["call.repeated c0 1 repeats=2", "call.answered c4 0"], Run(4));
    }

    [Fact]
    public void An_error_of_the_runtime_is_another_end()
    {
        Run(0);

        Assert.Equal(["call.repeated c0 0 repeats=1", "call.answered c1 "], Run(1, code: 4));
    }

    [Fact]
    public void A_probe_that_fails_every_other_time_does_not_fill_the_log()
    {
        Run(0);
        var written = Enumerable.Range(1, 300).Sum(second => Run(second, exitCode: second % 2).Length);

        Assert.Equal(2 * ProbeTally.MaxChanges, written);
        var told = Assert.Single(_tally.Sweep(Start.AddMinutes(10)));
        Assert.Equal(["290", $"{300 - ProbeTally.MaxChanges}"], told.Details.Where(static d => d.Key is "repeats" or "changesNotTold").Select(static d => d.Value));
        Assert.Equal(2, Run(601, exitCode: 1).Length);
    }

    [Fact]
    public void A_probe_that_goes_on_is_told_of_every_ten_minutes()
    {
        for (var second = 0; second < 600; second += 10)
            Run(second);
        Assert.Empty(_tally.Sweep(Start.AddSeconds(599)));

        var told = Assert.Single(_tally.Sweep(Start.AddSeconds(600)));

        Assert.Equal((EventKinds.CallRepeated, "c0", 0), (told.Kind, told.CallId, told.Answer!.Code));
        Assert.Equal(
            ["repeats=59", "first=2026-11-22T01:20:10.000000Z", "last=2026-11-22T01:29:50.000000Z", "exitCode=0"], told.Details.Select(static d => $"{d.Key}={d.Value}"));
        Assert.Empty(_tally.Sweep(Start.AddSeconds(601)));
    }

    [Fact]
    public void A_probe_that_did_not_come_for_ten_minutes_is_told_and_forgotten()
    {
        Run(0);
        Run(1);

        Assert.Equal(["call.repeated c0 0 repeats=1"], _tally.Sweep(Start.AddSeconds(601)).Select(Text));
        Assert.Equal(0, _tally.Count);
        Assert.Equal(["call.answered c602 0"], Run(602));
    }

    [Fact]
    public void The_count_is_told_at_the_end()
    {
        Run(0);
        Run(1);

        Assert.Equal(["call.repeated c0 0 repeats=1"], _tally.Drain(Start.AddSeconds(2)).Select(Text));
        Assert.Empty(_tally.Drain(Start.AddSeconds(3)));
    }

    [Fact]
    public void Memory_is_bounded_and_what_is_forgotten_is_written_again()
    {
        for (var command = 0; command <= ProbeTally.MaxKnown; command++)
            Run(command, command: (UInt128)command);

        Assert.Equal(ProbeTally.MaxKnown, _tally.Count);
        Assert.Equal(["call.answered c9999 0"], Run(9999, command: 0));
    }

    [Fact]
    public void Two_that_came_at_once_are_both_written()
    {
        var key = ProbeTally.Key(Permitted(0), Probe)!.Value;
        Assert.False(_tally.TryCount(key, Start));
        Assert.False(_tally.TryCount(key, Start));

        Assert.Single(_tally.Answered(key, Answered(0, 0, 0), counted: false));
        Assert.Single(_tally.Answered(key, Answered(1, 0, 0), counted: false));
    }

    private static UInt128 Probe => 77;

    private string[] Run(int second, int exitCode = 0, int code = 0, UInt128? command = null)
    {
        var key = ProbeTally.Key(Permitted(second), command ?? Probe)!.Value;
        var counted = _tally.TryCount(key, Start.AddSeconds(second));
        return [.. _tally.Answered(key, Answered(second, exitCode, code), counted).Select(Text)];
    }

    private static EventRecord Permitted(int second) => new()
    {
        Kind = EventKinds.CallDecided, Time = Start.AddSeconds(second), Node = "n", Method = "runtime.v1.RuntimeService/ExecSync", CallId = $"c{second}",
        Pod = new("team-a", "web-0", "u"), SandboxId = "s1", ContainerName = "web", ContainerId = "c1", Caller = new Caller(812, 0, "/usr/bin/kubelet"), Verdict = new Verdict("r1", [], []),
        Details = [new("executable", "probe"), new(ProbeTally.NovelDetail, second == 0 ? "true" : "false")],
    };

    private static EventRecord Answered(int second, int exitCode, int code) => Permitted(second) with
    {
        Kind = EventKinds.CallAnswered, Verdict = null, Answer = new RuntimeAnswer(code, code == 0 ? "" : $"at {second}"),
        Details = code == 0 ? [new(ProbeTally.ExitCodeDetail, $"{exitCode}")] : [],
    };

    private static string Text(EventRecord record)
    {
        string Detail(string name) => record.Details.FirstOrDefault(d => d.Key == name).Value ?? "";
        return $"{record.Kind} {record.CallId} {Detail("exitCode")}{(record.Kind == EventKinds.CallRepeated ? $" repeats={Detail("repeats")}" : "")}";
    }
}
