using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>The handlers that a policy needs, beside those that the runtime has.</summary>
public sealed class HandlerWatchTests : IAsyncLifetime, IDisposable
{
    private const string Text = """
        apiVersion: criguard.io/v1
        kind: NodePolicy
        metadata: { name: p }
        handlers: [{ name: runc, level: runc }, { name: runsc, level: gvisor }, { name: kata, level: kata }]
        rules:
          - { name: b, mode: enforce, match: { namespaces: [b] }, sandbox: gvisor }
          - { name: a, mode: enforce, match: { namespaces: [a] }, sandbox: { level: gvisor, action: refuse } }
          - { name: watched, mode: audit, sandbox: kata }
        """;

    private readonly TempDirectory _directory = new();
    private readonly StringWriter _log = new();
    private readonly ManualTime _time = new();
    private ScriptedRuntime _runtime = null!;
    private RuntimeGate _gate = null!;
    private EventLog _events = null!;
    private string[] _offered = ["runc", "runsc"];

    private string Policies => _directory.File("p.yaml");

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(Policies, Text);
        _runtime = await ScriptedRuntime.StartAsync(_directory.File("runtime.sock"));
        _runtime.Replies["Status"] = _ => Task.FromResult<IMessage>(new StatusResponse { RuntimeHandlers = { _offered.Select(static n => new RuntimeHandler { Name = n }) } });
        _gate = new RuntimeGate(new UnixEndpoint(_directory.File("runtime.sock")));
        _events = EventLog.Open(_directory.File("events"), new EventLogOptions { Node = "n" });
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    public void Dispose()
    {
        _gate.Dispose();
        _events.Dispose();
        _log.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_handler_that_vanishes_is_an_alarm_once_and_so_is_its_return()
    {
        var watch = Watch();
        await watch.LookAsync(default);
        _offered = ["runc"];
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        _offered = ["runc", "runsc"];
        await watch.LookAsync(default);
        await watch.LookAsync(default);

        Assert.Equal([EventKinds.HandlerMissing, EventKinds.HandlerBack], Events().Select(static e => e.GetProperty("kind").GetString()));
        Assert.Equal("""{"handler":"runsc","level":"gvisor","rules":"a, b"}""", Events()[0].GetProperty("details").GetRawText());
        Assert.Contains("the runtime does not offer handler runsc (gvisor): pods of rule a, b are refused until it does", Assert.Single(LogLines("handler.missing")));
        Assert.Single(LogLines("handler.back"));
    }

    [Fact]
    public async Task An_alarm_that_cannot_be_recorded_is_tried_again()
    {
        var (state, watch) = (_directory.File("events"), Watch());
        _offered = ["runc"];
        Directory.Move(state, state + ".away");
        Assert.True(await watch.LookAsync(default));
        Assert.Single(LogLines("handler.watch"));
        Directory.Move(state + ".away", state);
        await watch.LookAsync(default);

        Assert.Equal(["log.gap", EventKinds.HandlerMissing], Events().Select(static e => e.GetProperty("kind").GetString()));
    }

    [Fact]
    public async Task It_looks_by_itself_every_minute_and_sooner_until_the_runtime_answers()
    {
        _offered = ["runc"];
        await _runtime.DisposeAsync();
        using var stop = new CancellationTokenSource();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var running = Watch().RunAsync(stop.Token);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(Events());

        await InitializeRuntimeAsync();
        while (Events().Count == 0)
        {
            patience.Token.ThrowIfCancellationRequested();
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task A_policy_whose_handler_the_runtime_lacks_is_refused_where_the_runtime_answers()
    {
        _offered = ["runc"];
        var checkedPolicy = await Watch().CheckAsync(PolicyReader.Read(Policies));
        Assert.Equal(
            [$"{Policies}:4:49: handler `runsc` (gvisor), which rules `a`, `b` need, is not offered by the runtime: set it up on this node, or take the rule out"],
            checkedPolicy.Errors.Select(static e => e.ToString()));
        await _runtime.DisposeAsync();
        Assert.Empty((await Watch().CheckAsync(PolicyReader.Read(Policies))).Errors);
    }

    [Fact]
    public async Task A_running_daemon_keeps_the_policy_in_force_when_the_new_one_needs_what_is_not_there()
    {
        const string handlers = "[{ name: r, mode: enforce, sandbox: gvisor }]\nhandlers: [{ name: runsc, level: gvisor }]";
        await using var daemon = await RunningDaemon.StartAsync();
        daemon.Runtime.Replies["Status"] = _runtime.Replies["Status"];
        _offered = ["runc"];
        await daemon.ReloadAsync(handlers);
        _offered = ["runsc"];
        await daemon.ReloadAsync(handlers);

        var taken = daemon.Events().Where(static e => e.GetProperty("kind").GetString()!.StartsWith("policy", StringComparison.Ordinal)).ToList();
        Assert.Equal([EventKinds.PolicyRefused, EventKinds.PolicyLoaded], taken.Select(static e => e.GetProperty("kind").GetString()));
        Assert.Contains("handler `runsc` (gvisor), which rule `r` needs, is not offered", taken[0].GetProperty("details").GetProperty("errors").GetString());
    }

    [Fact]
    public async Task A_policy_that_was_refused_for_a_handler_is_taken_when_the_handler_has_come()
    {
        _offered = ["runc"];
        await File.WriteAllTextAsync(Policies, Text.Replace("enforce", "audit", StringComparison.Ordinal));
        var (policy, log) = (CurrentPolicy.Load(Policies), new StderrLogger(_log, LogLevel.Information, _time, journal: false));
        var handlers = new HandlerWatch(policy, new RuntimeQuestions(_gate, _gate), _events, "n", _time, log);
        using var files = new PolicyWatch(policy, handlers, _events, "n", _time, log);
        await File.WriteAllTextAsync(Policies, Text);
        for (var look = 0; look < 5; look++)
            await files.LookAsync();
        await handlers.LookAsync(default);
        await files.LookAsync();
        Assert.DoesNotContain(policy.Snapshot.Rules, static r => r is { Name: "a", Mode: CriGuard.Core.Policy.RuleMode.Enforce });

        _offered = ["runc", "runsc"];
        await handlers.LookAsync(default);
        Directory.Move(_directory.File("events"), _directory.File("away"));
        await files.LookAsync();
        Assert.DoesNotContain(policy.Snapshot.Rules, static r => r is { Name: "a", Mode: CriGuard.Core.Policy.RuleMode.Enforce });
        Directory.Move(_directory.File("away"), _directory.File("events"));
        for (var look = 0; look < 5; look++)
            await files.LookAsync();

        Assert.Contains(policy.Snapshot.Rules, static r => r is { Name: "a", Mode: CriGuard.Core.Policy.RuleMode.Enforce });
        Assert.Equal([EventKinds.PolicyRefused, "log.gap", EventKinds.PolicyLoaded], Events().Select(static e => e.GetProperty("kind").GetString()));
        Assert.Equal("files", Events()[2].GetProperty("details").GetProperty("cause").GetString());
    }

    [Fact]
    public async Task A_policy_without_routes_asks_the_runtime_nothing()
    {
        await File.WriteAllTextAsync(Policies, Text.Replace("enforce", "audit", StringComparison.Ordinal));
        await Watch().LookAsync(default);
        Assert.Empty(_runtime.Requests);
    }

    private async Task InitializeRuntimeAsync()
    {
        var replies = _runtime.Replies;
        File.Delete(_directory.File("runtime.sock"));
        _runtime = await ScriptedRuntime.StartAsync(_directory.File("runtime.sock"));
        _runtime.Replies["Status"] = replies["Status"];
    }

    private HandlerWatch Watch() => new(
        CurrentPolicy.Load(Policies), new RuntimeQuestions(_gate, _gate), _events, "n", _time, new StderrLogger(_log, LogLevel.Information, _time, journal: false));

    private List<JsonElement> Events() => Directory.GetFiles(_directory.File("events"), "*.jsonl") is [var file]
        ? [.. File.ReadLines(file).Select(static line => JsonElement.Parse(line))]
        : [];

    private List<string> LogLines(string name) => [.. _log.ToString().Split('\n').Where(line => line.Contains(name, StringComparison.Ordinal))];
}
