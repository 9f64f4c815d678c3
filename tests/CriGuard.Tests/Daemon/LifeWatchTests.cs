using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Daemon.Lives;
using CriGuard.Output;
using CriGuard.Store.Events;
using Google.Protobuf;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>What happens to containers and sandboxes without a call, and what is told of it over restarts.</summary>
public sealed class LifeWatchTests : IAsyncLifetime, IDisposable
{
    private const string Remove = "/runtime.v1.RuntimeService/RemoveContainer";
    private static readonly CallSubject Web = new() { Pod = new("dev", "web-0", "u"), SandboxId = "s1", ContainerId = "c1", ContainerName = "web" };

    private readonly TempDirectory _directory = new();
    private readonly StringWriter _said = new();
    private readonly ManualTime _time = new();
    private readonly List<Container> _containers = [];
    private readonly List<PodSandbox> _sandboxes = [new() { Id = "s1", Metadata = new() { Name = "web-0", Namespace = "dev", Uid = "u" } }];
    private ContainerStatus _status = new();
    private ScriptedRuntime _runtime = null!;
    private EventLog _events = null!;
    private RuntimeGate _gate = null!;

    private string State => _directory.File("events");

    public async Task InitializeAsync()
    {
        _runtime = await ScriptedRuntime.StartAsync(_directory.File("runtime.sock"));
        _runtime.Replies["ListContainers"] = _ => Task.FromResult<IMessage>(new ListContainersResponse { Containers = { _containers } });
        _runtime.Replies["ListPodSandbox"] = _ => Task.FromResult<IMessage>(new ListPodSandboxResponse { Items = { _sandboxes } });
        _runtime.Replies["ContainerStatus"] = _ => Task.FromResult<IMessage>(new ContainerStatusResponse { Status = _status });
        _events = EventLog.Open(State, new EventLogOptions { Node = "n" });
        _gate = new RuntimeGate(new UnixEndpoint(_directory.File("runtime.sock")));
        await RecordedAsync("StartsTheLog", "");
    }

    public async Task DisposeAsync() => await _runtime.DisposeAsync();

    public void Dispose()
    {
        _events.Dispose();
        _gate.Dispose();
        _said.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_exit_is_told_once_over_all_runs_with_code_signal_and_times()
    {
        Exited("c1", 137, "OOMKilled");

        var watch = Watch();
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        await Watch().LookAsync(default);

        var exited = Assert.Single(Recorded());
        Assert.Equal((EventKinds.ContainerExited, "c1", "web", "dev/web-0", "s1"), (exited.Kind, exited.ContainerId, exited.ContainerName, exited.Pod!.ToString(), exited.SandboxId));
        Assert.Equal(
            ["code=137", "signal=9", "oom=true", "reason=OOMKilled", "started=2026-11-22T01:20:01.000000Z", "finished=2026-11-22T01:20:02.000000Z"],
            exited.Details.Select(static d => $"{d.Key}={d.Value}"));
    }

    [Fact]
    public async Task What_ended_and_went_while_no_daemon_ran_is_told_at_the_next_start_as_such()
    {
        await RecordedAsync("RunPodSandbox", "");
        await RecordedAsync("CreateContainer", "c1");
        await RecordedAsync("CreateContainer", "c2");
        await RecordedAsync("CreateContainer", "c3");
        await RecordedAsync("RemoveContainer", "c3");
        _time.Advance(TimeSpan.FromHours(1));
        Exited("c1", 1, "Error");
        _sandboxes[0].State = PodSandboxState.SandboxNotready;

        await Watch().LookAsync(default);
        await Watch().LookAsync(default);

        Assert.Equal(["container.exited c1 away", "container.removed c2 away", "sandbox.stopped  away"], Recorded().Select(Told));
    }

    [Fact]
    public async Task What_another_client_removes_is_told_and_what_a_call_removes_is_not()
    {
        Running("c1", "c2", "c3");
        var watch = Watch();
        await watch.LookAsync(default);

        using (var ending = await watch.BeforeEndAsync(Remove, Web with { ContainerId = "c1" }, default))
        {
            _containers.RemoveAll(static c => c.Id == "c1");
            await watch.LookAsync(default);
            ending.Succeeded = true;
        }

        _containers.RemoveAll(static c => c.Id == "c2");
        await watch.LookAsync(default);
        await watch.LookAsync(default);

        Assert.Equal(["container.removed c2 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task What_was_made_and_removed_between_two_looks_is_told()
    {
        var watch = Watch();
        await watch.LookAsync(default);
        watch.Made("/runtime.v1.RuntimeService/RunPodSandbox", new CallSubject { SandboxId = "s2" }, []);
        watch.Made("/runtime.v1.RuntimeService/CreateContainer", Web with { SandboxId = "s2", ContainerId = "c2" }, ["c2"]);

        await watch.LookAsync(default);
        await watch.LookAsync(default);

        Assert.Equal(["container.removed c2 ", "sandbox.removed  "], Recorded().Select(Told));
    }

    [Fact]
    public async Task What_is_made_while_the_runtime_answers_is_not_taken_for_gone()
    {
        var watch = Watch();
        _runtime.Replies["ListContainers"] = _ =>
        {
            watch.Made("/runtime.v1.RuntimeService/CreateContainer", Web, ["c1"]);
            return Task.FromResult<IMessage>(new ListContainersResponse());
        };
        await watch.LookAsync(default);
        Assert.Empty(Recorded());

        _runtime.Replies["ListContainers"] = static _ => Task.FromResult<IMessage>(new ListContainersResponse());
        await watch.LookAsync(default);

        Assert.Equal(["container.removed c1 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task A_removal_that_failed_explains_nothing()
    {
        Running("c1");
        var watch = Watch();
        await watch.LookAsync(default);
        (await watch.BeforeEndAsync(Remove, Web, default)).Dispose();
        _containers.Clear();

        await watch.LookAsync(default);

        Assert.Equal(["container.removed c1 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task A_removal_by_the_beginning_of_an_id_is_one_of_that_container()
    {
        Running("c1abc");
        var watch = Watch();
        await watch.LookAsync(default);
        using (var ending = await watch.BeforeEndAsync(Remove, Web with { ContainerId = "c1a" }, default))
            ending.Succeeded = true;
        _containers.Clear();

        await watch.LookAsync(default);

        Assert.Empty(Recorded());
    }

    [Fact]
    public async Task An_exit_between_two_looks_is_told_before_its_container_is_removed()
    {
        var watch = Watch();
        await watch.LookAsync(default);
        Exited("c1", 0, "Completed");

        using (var ending = await watch.BeforeEndAsync(Remove, Web, default))
            ending.Succeeded = true;
        _containers.Clear();
        await watch.LookAsync(default);

        Assert.Equal(["container.exited c1 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task An_exit_that_is_removed_while_the_log_is_still_read_is_told_once()
    {
        Exited("c1", 0, "Completed");
        var watch = Watch();

        using (var ending = await watch.BeforeEndAsync(Remove, Web, default))
            ending.Succeeded = true;
        _containers.Clear();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (Recorded().Count == 0)
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        await watch.LookAsync(default);

        Assert.Equal(["container.exited c1 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task The_containers_of_a_sandbox_go_with_it()
    {
        Running("c1");
        var watch = Watch();
        await watch.LookAsync(default);
        Exited("c1", 0, "Completed");
        using (var ending = await watch.BeforeEndAsync("/runtime.v1.RuntimeService/RemovePodSandbox", Web with { ContainerId = "" }, default))
            ending.Succeeded = true;
        _containers.Clear();
        _sandboxes.Clear();

        await watch.LookAsync(default);

        Assert.Equal(["container.exited c1 "], Recorded().Select(Told));
    }

    [Fact]
    public async Task What_ended_before_the_log_begins_is_not_told()
    {
        Exited("c1", 0, "Completed");
        _status.FinishedAt = 1;

        await Watch().LookAsync(default);

        Assert.Empty(Recorded());
    }

    [Fact]
    public async Task What_the_runtime_does_not_tell_now_is_told_by_the_next_look()
    {
        Exited("c1", 3, "Error");
        var status = _runtime.Replies["ContainerStatus"];
        _runtime.Replies["ContainerStatus"] = static _ => throw new InvalidOperationException("down");
        var watch = Watch();
        await watch.LookAsync(default);
        Assert.Empty(Recorded());

        _runtime.Replies["ContainerStatus"] = status;
        await watch.LookAsync(default);

        Assert.Single(Recorded());
    }

    [Fact]
    public async Task An_upgrade_is_told_once()
    {
        await _events.AppendAsync(Event(EventKinds.DaemonStarted) with { Details = [new("version", "0.9")] });
        _time.Advance(TimeSpan.FromMinutes(1));

        await Watch().LookAsync(default);

        var upgraded = Assert.Single(Recorded(EventKinds.DaemonUpgraded));
        Assert.Equal(["before=0.9", "version=1.0"], upgraded.Details.Select(static d => $"{d.Key}={d.Value}"));
        await _events.AppendAsync(Event(EventKinds.DaemonStarted) with { Details = [new("version", "1.0")] });
        _time.Advance(TimeSpan.FromMinutes(1));
        await Watch().LookAsync(default);
        Assert.Single(Recorded(EventKinds.DaemonUpgraded));
    }

    private LifeWatch Watch() =>
        new(new RuntimeQuestions(_gate, _gate), _events, State, "n", "1.0", _time, new StderrLogger(_said, LogLevel.Information, TimeProvider.System, journal: true));

    private void Running(params string[] ids) => _containers.AddRange(ids.Select(static id => new Container
    {
        Id = id, PodSandboxId = "s1", Metadata = new ContainerMetadata { Name = "web" }, State = ContainerState.ContainerRunning,
    }));

    private void Exited(string id, int code, string reason)
    {
        if (!_containers.Exists(c => c.Id == id))
            Running(id);
        _containers.Find(c => c.Id == id)!.State = ContainerState.ContainerExited;
        _status = new ContainerStatus { Id = id, State = ContainerState.ContainerExited, ExitCode = code, Reason = reason, StartedAt = Nanoseconds(1), FinishedAt = Nanoseconds(2) };
    }

    private static long Nanoseconds(int second) => new DateTimeOffset(2026, 11, 22, 1, 20, second, TimeSpan.Zero).ToUnixTimeMilliseconds() * 1_000_000;

    private EventRecord Event(string kind) => new() { Kind = kind, Time = _time.GetUtcNow(), Node = "n" };

    private async Task RecordedAsync(string method, string containerId) => await _events.AppendAsync(Event(EventKinds.CallAnswered) with
    {
        Method = "runtime.v1.RuntimeService/" + method, Pod = Web.Pod, SandboxId = "s1", ContainerId = containerId, ContainerName = "web", Answer = new RuntimeAnswer(0, ""),
    });

    private List<EventEntry> Recorded(string kind = "container")
    {
        // What nobody waited for is on disk with the next event that somebody waits for.
        _events.AppendAsync(Event("test.flush")).AsTask().GetAwaiter().GetResult();
        using var reader = new EventReader(State, EventFilter.All);
        return [.. reader.Read().Select(static logged => logged.Entry).Where(e => kind == "container" ? e.Kind.Split('.')[0] is "container" or "sandbox" : e.Kind == kind)];
    }

    private static string Told(EventEntry entry) => $"{entry.Kind} {entry.ContainerId} {entry.Details.FirstOrDefault(static d => d.Key == "while").Value}";
}
