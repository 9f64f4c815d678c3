using System.Text;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Tests.Events;

public sealed class EventLineTests
{
    private static readonly string Zeros = new('0', 64);

    [Fact]
    public void A_line_has_every_field_in_its_fixed_place() => Assert.Equal(
        $$$"""
        {"seq":1,"time":"2026-11-22T01:20:00.123456Z","node":"node-1","kind":"call.decided","method":"runtime.v1.RuntimeService/CreateContainer","call":"c7",
        "pod":{"namespace":"dev","name":"web-0","uid":"6f1c"},"sandbox":"5a4b","container":{"name":"web","id":"9c8d"},"verdict":"permit",
        "findings":[{"rule":"tenants","control":"seccomp","mode":"enforce","effect":"change","field":"config.linux.security_context.seccomp",
        "message":"container `web` asks for no seccomp profile"}],
        "changes":[{"rule":"tenants","control":"seccomp","field":"config.linux.security_context.seccomp","before":"unset","after":"RuntimeDefault"}],
        "revision":"0123456789ab","caller":{"pid":812,"uid":0,"exe":"/usr/bin/kubelet"},"answer":{"code":0,"message":""},"durationMs":1.25,
        "details":{"seccomp":"2"},"prev":"{{{Zeros}}}"}

        """.Replace(",\n", ",", StringComparison.Ordinal),
        Samples.Text(Samples.Whole));

    [Fact]
    public void An_event_that_is_no_call_has_no_fields_of_one() => Assert.Equal(
        $$"""{"seq":1,"time":"2026-11-22T01:20:00.123456Z","node":"n","kind":"daemon.started","prev":"{{Zeros}}"}""" + "\n",
        Samples.Text(Samples.Plain("n")));

    [Fact]
    public void The_next_line_carries_the_hash_of_the_bytes_without_their_newline()
    {
        var (lines, head) = Samples.Log(2);

        Assert.True(LineLinkReader.TryRead(lines[1], out var link));
        Assert.Equal(new LineLink(2, LineHash.Of(lines[0])), link);
        Assert.Equal(new ChainPosition(2, LineHash.Of(lines[1])), head);
    }

    [Fact]
    public void Time_is_written_in_UTC_whatever_the_offset_of_the_event() =>
        Assert.Contains("\"time\":\"2026-11-22T01:20:00.123456Z\"", Samples.Text(Samples.Plain("n") with { Time = Samples.Time.ToOffset(TimeSpan.FromHours(5)) }));

    [Fact]
    public void A_long_value_is_cut_and_says_how_much()
    {
        var entry = Samples.Entry(Samples.Text(Samples.Plain(new string('n', 5000))));

        Assert.Equal(new string('n', 1024) + "…[3976 more]", entry?.Node);
    }

    [Fact]
    public void A_cut_never_parts_a_surrogate_pair()
    {
        var entry = Samples.Entry(Samples.Text(Samples.Plain(new string('n', 1023) + "😀😀")));

        Assert.Equal(new string('n', 1023) + "…[4 more]", entry?.Node);
    }

    [Fact]
    public void A_flood_of_findings_does_not_push_out_the_one_that_refuses()
    {
        var flood = Enumerable.Range(0, 500).Select(i => new Finding("r", Control.Consistency, RuleMode.Enforce, Effect.Report, "f", $"odd {i}", ""));
        var reason = new Finding("tenants", Control.Privileged, RuleMode.Enforce, Effect.Refuse, "f", "the reason", "");
        var line = Samples.Text(Samples.Plain("n") with { Verdict = new Verdict("r", [.. flood, reason], []) });

        var entry = Samples.Entry(line);

        Assert.Equal("refuse", entry?.Verdict);
        Assert.Equal("the reason", entry?.Findings[0].Message);
        Assert.Equal(64, entry?.Findings.Length);
        Assert.Contains("\"findingsCut\":437,", line);
    }

    [Fact]
    public void The_worst_that_can_be_asked_for_stays_under_the_bound()
    {
        var worst = new string('\u0001', 100_000);
        var finding = new Finding(worst, Control.Capabilities, RuleMode.Enforce, Effect.Refuse, worst, worst, worst);
        var change = new Change(worst, Control.Capabilities, worst, worst, worst, new Edit.NoNewPrivileges());
        var record = Samples.Whole with
        {
            Node = worst, Method = worst, CallId = worst, SandboxId = worst, ContainerId = worst, ContainerName = worst,
            Verdict = new Verdict(worst, [.. Enumerable.Repeat(finding, 1000)], [.. Enumerable.Repeat(change, 1000)]),
            Details = [.. Enumerable.Repeat(KeyValuePair.Create(worst, worst), 1000)],
        };

        Assert.InRange(Encoding.UTF8.GetByteCount(Samples.Text(record)), 1_000_000, EventLine.MaxBytes);
    }
}
