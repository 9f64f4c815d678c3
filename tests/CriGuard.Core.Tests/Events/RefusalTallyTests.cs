using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using FsCheck;

namespace CriGuard.Core.Tests.Events;

public sealed class RefusalTallyTests
{
    private readonly RefusalTally _tally = new();

    [Fact]
    public void A_refusal_is_counted_from_the_second_time_on()
    {
        Assert.Equal("written", Refuse(0));
        Assert.Equal("counted", Refuse(1));
        Assert.Equal("counted", Refuse(2));
    }

    [Theory]
    [InlineData("method")]
    [InlineData("pod")]
    [InlineData("uid")]
    [InlineData("container")]
    [InlineData("caller")]
    [InlineData("detail")]
    [InlineData("revision")]
    [InlineData("message")]
    [InlineData("field")]
    [InlineData("further finding")]
    public void A_refusal_that_differs_in_anything_is_written(string what)
    {
        var refused = Refusal(0);
        var finding = refused.Verdict!.Findings[0];
        Remember(refused);

        var other = what switch
        {
            "method" => refused with { Method = "runtime.v1.RuntimeService/StartContainer" },
            "pod" => refused with { Pod = refused.Pod! with { Name = "web-1" } },
            "uid" => refused with { Pod = refused.Pod! with { Uid = "other" } },
            "container" => refused with { ContainerName = "side" },
            "caller" => refused with { Caller = new Caller(900, 0, "/usr/bin/crictl") },
            "detail" => refused with { Details = [new("executable", "sh")] },
            "revision" => refused with { Verdict = refused.Verdict with { Revision = "ffffffffffff" } },
            "message" => refused with { Verdict = refused.Verdict with { Findings = [finding with { Message = "other" }] } },
            "field" => refused with { Verdict = refused.Verdict with { Findings = [finding with { Field = "other" }] } },
            _ => refused with { Verdict = refused.Verdict with { Findings = [finding, finding with { Effect = Effect.Report }] } },
        };

        Assert.True(_tally.TryCount(refused with { CallId = "c8", SandboxId = "other", Caller = new Caller(999, 0, "/usr/bin/kubelet") }));
        Assert.False(_tally.TryCount(other));
    }

    [Fact]
    public void A_refusal_that_goes_on_is_told_of_every_ten_minutes()
    {
        foreach (var minute in (int[])[0, 1, 4, 9])
            Refuse(minute);
        Assert.Empty(_tally.Sweep(At(9.9)));

        var told = Assert.Single(_tally.Sweep(At(10)));

        Assert.Equal((EventKinds.CallRepeated, "c7", At(10)), (told.Kind, told.CallId, told.Time));
        Assert.Equal("container `web` is 0", Assert.Single(told.Verdict!.Findings).Message);
        Assert.Equal(["repeats=3", "first=2026-11-22T01:21:00.123456Z", "last=2026-11-22T01:29:00.123456Z", "variants=1"], Details(told));
        Assert.Equal("counted", Refuse(12));
        Assert.Empty(_tally.Sweep(At(19.9)));
        Assert.Equal("repeats=1", Details(Assert.Single(_tally.Sweep(At(20))))[0]);
        Assert.Empty(_tally.Sweep(At(21)));
    }

    [Fact]
    public void A_refusal_that_did_not_come_for_ten_minutes_is_told_of_and_written_anew()
    {
        Refuse(0);
        Refuse(1);

        Assert.Equal("repeats=1", Details(Assert.Single(_tally.Sweep(At(11))))[0]);
        Assert.Equal(0, _tally.Count);
        Assert.Equal("written", Refuse(12));
    }

    [Fact]
    public void Another_decision_on_the_same_container_tells_of_the_repeats_before_it()
    {
        Refuse(0);
        Refuse(1);
        var permitted = Refusal(0) with { Time = At(2), Verdict = new Verdict("0123456789ab", [], []) };

        Assert.Empty(_tally.Settle(permitted with { ContainerName = "side" }));
        Assert.Empty(_tally.Settle(permitted with { Pod = permitted.Pod! with { Uid = "other" } }));
        Assert.Equal("repeats=1", Details(Assert.Single(_tally.Settle(permitted)))[0]);
        Assert.Empty(_tally.Settle(permitted));
    }

    [Fact]
    public void T_Q8_each_variant_of_a_pod_is_written_with_their_number_and_going_back_to_one_is_counted()
    {
        Assert.Empty(_tally.Numbered(Refusal(0)).Details);
        for (var variant = 0; variant < 5; variant++)
        {
            var refused = Refusal(variant) with { ContainerName = $"c{variant}" };
            Assert.Equal(variant == 0 ? [] : [$"variants={variant + 1}"], Details(_tally.Numbered(refused)));
            Remember(refused);
        }

        Assert.True(_tally.TryCount(Refusal(0) with { ContainerName = "c0" }));
        Assert.Equal("variants=5", Details(Assert.Single(_tally.Drain(At(1)))).Last());
        Assert.Empty(_tally.Numbered(Refusal(0) with { Pod = new("dev", "db", "u2") }).Details);
    }

    [Fact]
    public void Another_policy_is_no_variant()
    {
        Refuse(0);
        var refused = Refusal(0);

        Assert.Empty(_tally.Numbered(refused with { Verdict = refused.Verdict! with { Revision = "ffffffffffff" } }).Details);
    }

    [Fact]
    public void What_is_remembered_is_bounded_and_the_least_recent_goes_with_its_count()
    {
        for (var i = 0; i < RefusalTally.MaxKnown; i++)
            Assert.Empty(_tally.Remember(Refusal(i)));
        _tally.TryCount(Refusal(1));
        _tally.TryCount(Refusal(0));
        for (var i = 2; i < RefusalTally.MaxKnown; i++)
            Assert.Empty(_tally.Remember(Refusal(RefusalTally.MaxKnown + i)));

        Assert.Equal("container `web` is 1", Assert.Single(_tally.Remember(Refusal(-1))).Verdict!.Findings[0].Message);
        Assert.Equal(RefusalTally.MaxKnown, _tally.Count);
        Assert.True(_tally.TryCount(Refusal(0)));
        Assert.False(_tally.TryCount(Refusal(1)));
    }

    [Fact]
    public void What_is_remembered_is_short_whatever_was_sent()
    {
        var huge = new string('x', 100_000);
        var refused = Refusal(0);
        var finding = refused.Verdict!.Findings[0] with { Message = huge };
        _tally.Remember(refused with { ContainerName = huge, Pod = new(huge, huge, huge), Verdict = refused.Verdict with { Findings = [finding, finding] } });
        _tally.TryCount(refused with { ContainerName = huge, Pod = new(huge, huge, huge), Verdict = refused.Verdict with { Findings = [finding, finding] } });

        Assert.True(Samples.Text(Assert.Single(_tally.Drain(At(1)))).Length < 10_000);
    }

    // Each number is a refusal of one of five kinds, a minute after the one before; a sixth stands for ten minutes of silence.
    [Fact]
    public void Every_refusal_is_written_or_told_of() => Prop.ForAll(Gen.Choose(0, 5).ListOf().ToArbitrary(), steps =>
    {
        var tally = new RefusalTally();
        var (minute, refusals, written, told) = (0, 0, 0, new List<EventRecord>());
        foreach (var step in steps)
        {
            minute += step == 5 ? 10 : 1;
            told.AddRange(tally.Sweep(At(minute)));
            if (step == 5)
                continue;
            var refused = Refusal(step) with { Time = At(minute) };
            refusals++;
            if (tally.TryCount(refused))
                continue;
            told.AddRange(tally.Settle(refused));
            written++;
            told.AddRange(tally.Remember(refused));
        }

        told.AddRange(tally.Drain(At(minute)));
        Assert.Equal(refusals, written + told.Sum(static t => int.Parse(t.Details[0].Value, System.Globalization.CultureInfo.InvariantCulture)));
    }).QuickCheckThrowOnFailure();

    private static DateTimeOffset At(double minutes) => Samples.Time.AddMinutes(minutes);

    private static EventRecord Refusal(int variant) => Samples.Whole with
    {
        Verdict = new Verdict("0123456789ab", [new Finding("tenants", Control.Privileged, RuleMode.Enforce, Effect.Refuse, "f", $"container `web` is {variant}", "")], []),
        Answer = null,
        Details = [],
    };

    private string Refuse(double minutes)
    {
        var refused = Refusal(0) with { Time = At(minutes) };
        if (_tally.TryCount(refused))
            return "counted";
        Remember(refused);
        return "written";
    }

    private void Remember(EventRecord refused) => Assert.Empty(_tally.Remember(refused));

    private static string[] Details(EventRecord record) => [.. record.Details.Select(static d => $"{d.Key}={d.Value}")];
}
