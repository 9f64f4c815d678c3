using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>Step-ups that the daemon adds by itself.</summary>
public sealed class StepUpsTests : IDisposable
{
    private const string Text = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata: { name: p }
        handlers: [{ name: runsc, level: gvisor }, { name: kata, level: kata }]
        stepUp: { after: [access, drift, unaccounted], to: gvisor, for: 24h }
        rules: []
        """;

    private readonly TempDirectory _directory = new();
    private readonly StringWriter _log = new();
    private readonly ManualTime _time = new();
    private readonly EventLog _events;
    private readonly CurrentPolicy _policy;
    private readonly StepUps _stepUps;

    public StepUpsTests()
    {
        Directory.CreateDirectory(Policies);
        File.WriteAllText(Path.Combine(Policies, "p.yaml"), Text);
        _events = EventLog.Open(_directory.File("events"), new EventLogOptions { Node = "n" });
        _policy = CurrentPolicy.Load(Policies);
        _stepUps = Fresh();
    }

    private string Policies => _directory.File("policies");

    public void Dispose()
    {
        _stepUps.Dispose();
        _events.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_incident_adds_a_rule_for_its_workload_that_is_on_record_and_ends()
    {
        await SeeAsync(Pod("web-66b6c48dd5-x7k2p"), Refused(Control.Access));

        var stepUp = Assert.Single(Taken());
        Assert.Equal(new StepUp("team-a/web", IsolationLevel.Gvisor, "access of pod team-a/web-66b6c48dd5-x7k2p", _time.GetUtcNow().AddDays(1)) { IsAutomatic = true }, stepUp);
        var added = Assert.Single(Events());
        Assert.Equal((EventKinds.StepUpAdded, "team-a/web", stepUp.Name), (Kind(added), Detail(added, "target"), Detail(added, "rule")));
    }

    [Fact]
    public async Task What_is_audited_or_given_or_about_something_else_is_no_incident()
    {
        await SeeAsync(Pod("web-0"), Finding(Control.Access, RuleMode.Audit, Effect.Refuse), Finding(Control.Drift, RuleMode.Enforce, Effect.Report), Refused(Control.Privileged));
        Assert.Empty(Taken());

        await SeeAsync(Pod("web-0"), Finding(Control.Drift, RuleMode.Enforce, Effect.Report) with { Rule = Core.Policy.Finding.BuiltIn });
        Assert.Equal("team-a/web", Assert.Single(Taken()).Target);
        _stepUps.See(Pod("db-0"), Control.Unaccounted);
        _stepUps.See(Pod("db-0"), Control.Privileged);
        _stepUps.See(pod: null, Control.Unaccounted);
        await _stepUps.DrainAsync();
        Assert.Equal(["team-a/db", "team-a/web"], Taken().Select(static s => s.Target));
    }

    [Fact]
    public async Task One_that_holds_is_left_alone_until_half_of_its_time_is_over_in_the_next_daemon_too()
    {
        await SeeAsync(Pod("web-0"), Refused(Control.Access));
        await SeeAsync(Pod("web-1"), Refused(Control.Drift));
        _time.Advance(TimeSpan.FromHours(11));
        _policy.Replace(CurrentPolicy.Load(Policies).Snapshot);
        using var next = Fresh();
        next.See(Pod("web-2"), Verdict(Refused(Control.Access)));
        await next.DrainAsync();
        Assert.Single(Events());

        _time.Advance(TimeSpan.FromHours(2));
        await SeeAsync(Pod("web-3"), Refused(Control.Access));
        Assert.Equal(_time.GetUtcNow().AddDays(1), Assert.Single(Taken()).Expires);
        Assert.Equal(2, Events().Count);
    }

    [Fact]
    public async Task It_makes_nothing_weaker_or_shorter()
    {
        var end = _time.GetUtcNow().AddDays(3);
        new StepUp("team-a/web", IsolationLevel.Kata, "said by a person", null).Write(Policies);
        new StepUp("team-a/db", IsolationLevel.Kata, "by a policy before", end) { IsAutomatic = true }.Write(Policies);
        new StepUp("team-a/old", IsolationLevel.Userns, "by a policy before", end) { IsAutomatic = true }.Write(Policies);
        File.WriteAllText(Path.Combine(Policies, "p.yaml"), Text.Replace("name: runsc, level: gvisor", "name: u, level: userns }, { name: runsc, level: gvisor", StringComparison.Ordinal));
        _policy.Replace(CurrentPolicy.Load(Policies).Snapshot);

        foreach (string name in (string[])["web-0", "db-0", "old-0"])
            await SeeAsync(Pod(name), Refused(Control.Access));

        Assert.Equal(
            ["team-a/db Kata", "team-a/old Gvisor", "team-a/web Kata", "team-a/web Gvisor"], Taken().Select(static s => $"{s.Target} {s.Level}"));
        Assert.Equal(end, Taken().Single(static s => s.Target == "team-a/old").Expires);
    }

    [Fact]
    public async Task Many_workloads_of_a_namespace_become_one_step_up_of_the_namespace()
    {
        for (var number = 0; number < 3 * StepUps.MostOfOneNamespace; number++)
            await SeeAsync(Pod($"made-up-name{number}x"), Refused(Control.Access));

        Assert.Equal(StepUps.MostOfOneNamespace + 1, Taken().Count);
        Assert.Equal("team-a", Taken()[0].Target);
        await SeeAsync(new PodIdentity("team-b", "web-0", "u"), Refused(Control.Access));
        Assert.Equal("team-b/web", Taken()[^1].Target);
    }

    [Fact]
    public async Task One_that_was_cleared_comes_again_and_one_that_has_ended_leaves_no_file()
    {
        await SeeAsync(Pod("web-0"), Refused(Control.Access));
        File.Delete(StepUp.FileOf(Policies, "team-a/web", automatic: true));
        await SeeAsync(Pod("web-0"), Refused(Control.Access));
        Assert.Single(Taken());

        _time.Advance(TimeSpan.FromDays(2));
        await SeeAsync(Pod("db-0"), Refused(Control.Access));
        Assert.Equal("team-a/db", Assert.Single(Taken()).Target);
    }

    [Fact]
    public async Task What_cannot_be_added_is_on_record_with_the_reason()
    {
        File.WriteAllText(Path.Combine(Policies, "q.yaml"), "rules: [");
        await SeeAsync(Pod("web-0"), Refused(Control.Access));
        File.Delete(Path.Combine(Policies, "q.yaml"));
        await SeeAsync(Pod("Web 0"), Refused(Control.Access));

        Assert.Equal([EventKinds.StepUpFailed, EventKinds.StepUpFailed], Events().Select(Kind));
        Assert.StartsWith("the policy would not hold together: ", Detail(Events()[0], "problem"));
        Assert.StartsWith("`team-a/Web 0` is no workload", Detail(Events()[1], "problem"));
        Assert.Single(Directory.GetFiles(Policies));
        Assert.Equal(2, _log.ToString().Split("stepup.failed").Length - 1);
    }

    [Fact]
    public void A_policy_that_is_one_file_cannot_have_it()
    {
        string file = Path.Combine(Policies, "p.yaml");
        var error = Assert.Single(CurrentPolicy.Read(file).Errors);
        Assert.Equal($"{file}:5:9: `stepUp` adds files to the policy, which is one file here: put it into a directory, and point the daemon there", error.ToString());
        Assert.Throws<StartException>(() => CurrentPolicy.Load(file));
    }

    private StepUps Fresh() => new(_policy, _events, "n", _time, new StderrLogger(_log, LogLevel.Information, _time, journal: false));

    private async Task SeeAsync(PodIdentity pod, params Finding[] findings)
    {
        _stepUps.See(pod, Verdict(findings));
        await _stepUps.DrainAsync();
    }

    private List<StepUp> Taken() => [.. StepUp.Of(PolicyReader.Read(Policies).Policy!)];

    private List<JsonElement> Events() => [.. File.ReadLines(Assert.Single(Directory.GetFiles(_directory.File("events"), "*.jsonl"))).Select(static line => JsonElement.Parse(line))];

    private static string Kind(JsonElement line) => line.GetProperty("kind").GetString()!;

    private static string Detail(JsonElement line, string key) => line.GetProperty("details").GetProperty(key).GetString()!;

    private static PodIdentity Pod(string name) => new("team-a", name, "u");

    private static Verdict Verdict(params Finding[] findings) => new("r", [.. findings], []);

    private static Finding Refused(Control control) => Finding(control, RuleMode.Enforce, Effect.Refuse);

    private static Finding Finding(Control control, RuleMode mode, Effect effect) => new("rule", control, mode, effect, "", "said", "");
}
