using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Tests.Daemon;

/// <summary>Containers of the runtime that are not in the log.</summary>
public sealed class ContainerWatchTests : IAsyncLifetime, IDisposable
{
    private readonly TempDirectory _directory = new();
    private readonly StringWriter _said = new();
    private readonly List<Container> _containers = [];
    private ScriptedRuntime _runtime = null!;
    private EventLog _events = null!;
    private RuntimeGate _gate = null!;
    private AccountedContainers _accounted = null!;
    private StepUps _stepUps = null!;

    private string State => _directory.File("events");

    public async Task InitializeAsync()
    {
        _runtime = await ScriptedRuntime.StartAsync(_directory.File("runtime.sock"));
        _runtime.Replies["ListContainers"] = _ => Task.FromResult<Google.Protobuf.IMessage>(new ListContainersResponse { Containers = { _containers } });
        _runtime.Replies["ListPodSandbox"] = static _ => Task.FromResult<Google.Protobuf.IMessage>(new ListPodSandboxResponse
        {
            Items = { new PodSandbox { Id = "s1", Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "dev", Uid = "u" } } },
        });
        _events = EventLog.Open(State, new EventLogOptions { Node = "n" });
        _gate = new RuntimeGate(new UnixEndpoint(_directory.File("runtime.sock")));
        _accounted = new AccountedContainers(State);
        var policy = new CurrentPolicy(_directory.Path, "", CriGuard.Core.Policy.CompiledPolicy.AllowAll);
        _stepUps = new StepUps(policy, _events, "n", TimeProvider.System, new StderrLogger(_said, LogLevel.Information, TimeProvider.System, journal: true));
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
    public async Task T_C8_T_Q2_a_container_that_came_around_the_gate_is_recorded_once_over_all_runs()
    {
        await CreatedAsync("c1");
        Listed("c1", "c2");

        var watch = Watch();
        await watch.LookAsync(default);
        await watch.LookAsync(default);
        await Watch().LookAsync(default);

        var recorded = Assert.Single(Recorded());
        Assert.Equal(("c2", "web", "dev/web-0"), (recorded.ContainerId, recorded.ContainerName, recorded.Pod!.ToString()));
        Assert.Equal("1 containers were not created through CriGuard and not judged: dev/web-0/web", Assert.Single(Said(), static line => line.Contains("not judged", StringComparison.Ordinal)).Split(": ", 2)[1]);
    }

    [Fact]
    public async Task T_C8_a_container_that_is_being_made_through_the_gate_is_waited_for()
    {
        Listed("c1");
        var creation = _accounted.Begin("s1");

        var look = Watch().LookAsync(default);
        Assert.False(look.IsCompleted);
        creation.Made = ["c1"];
        creation.Dispose();
        await look;

        Assert.Empty(Recorded());
    }

    [Fact]
    public async Task T_C8_what_cannot_be_recorded_or_read_is_told_by_the_next_look()
    {
        Listed("c1");
        var watch = Watch();
        _runtime.Replies["ListPodSandbox"] = static _ => throw new InvalidOperationException("down");
        await watch.LookAsync(default);
        Assert.Empty(Recorded());

        _runtime.Replies.TryRemove("ListPodSandbox", out _);
        await watch.LookAsync(default);

        Assert.Single(Recorded());
    }

    [Fact]
    public async Task T_C8_the_daemon_looks_at_its_start_and_again_after_each_period()
    {
        var time = new ManualTime();
        using var stop = new CancellationTokenSource();
        Listed("c1");
        var first = Asked(1);
        var running = Watch(time).RunAsync(TimeSpan.FromMinutes(1), stop.Token);
        await first;
        var second = Asked(2);
        while (!second.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            await Task.Yield();
        }

        await stop.CancelAsync();
        await running;
    }

    private Task Asked(int looks)
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _runtime.Replies["ListContainers"] = _ =>
        {
            if (_runtime.Requests.Count(static r => r.Method == "ListContainers") >= looks)
                asked.TrySetResult();
            return Task.FromResult<Google.Protobuf.IMessage>(new ListContainersResponse { Containers = { _containers } });
        };
        return asked.Task;
    }

    private ContainerWatch Watch(TimeProvider? time = null)
    {
        var questions = new RuntimeQuestions(_gate, _gate);
        var unlisted = new UnlistedContainers(questions, _directory.File("runtime.sock"), TimeProvider.System);
        return new ContainerWatch(questions, _accounted, unlisted, _stepUps, _events, "n", time ?? TimeProvider.System, new StderrLogger(_said, LogLevel.Information, TimeProvider.System, journal: true));
    }

    private void Listed(params string[] ids) => _containers.AddRange(ids.Select(static id => new Container
    {
        Id = id, PodSandboxId = "s1", Metadata = new ContainerMetadata { Name = "web" }, State = ContainerState.ContainerRunning,
    }));

    private async Task CreatedAsync(string id) => await _events.AppendAsync(new EventRecord
    {
        Kind = EventKinds.CallAnswered, Time = DateTimeOffset.UnixEpoch, Node = "n", Method = "runtime.v1.RuntimeService/CreateContainer", ContainerId = id, Answer = new RuntimeAnswer(0, ""),
    });

    private List<EventEntry> Recorded()
    {
        using var reader = new EventReader(State, new EventFilter { Kind = EventKinds.ContainerUnaccounted });
        return [.. reader.Read().Select(static logged => logged.Entry)];
    }

    private string[] Said() => _said.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
