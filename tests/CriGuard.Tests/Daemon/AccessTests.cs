using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>Calls that enter or resize what runs, through the whole daemon: what the runtime gets of them, and what is on record.</summary>
public sealed class AccessTests
{
    private const string NoExec = "[{ name: a, mode: enforce, match: { namespaces: [team-a] }, access: { exec: deny, execSync: deny } }]";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Theory]
    [InlineData("runtime.v1")]
    [InlineData("runtime.v1alpha2")]
    public async Task T_Q4_an_exec_is_refused_by_a_rule_whatever_version_it_speaks(string package)
    {
        await using var daemon = await StartAsync(NoExec);

        var reply = await daemon.Client.CallAsync(
            $"/{package}.RuntimeService/ExecSync", new ExecSyncRequest { ContainerId = "c1", Cmd = { "sh" } }.ToByteArray(), headers: null, default);

        Assert.Equal(StatusCode.PermissionDenied, reply.Status.Code);
        Assert.DoesNotContain(daemon.Runtime.Requests, static request => request.Method == "ExecSync");
    }

    // The runtime's own filter by id is asked for the one that is named, and its list is not trusted to be about it.
    [Theory]
    [InlineData("ListContainers")]
    [InlineData("PodSandboxStatus")]
    public async Task T_E1_what_the_runtime_does_not_tell_is_not_entered_where_a_rule_denies(string question)
    {
        await using var daemon = await StartAsync(NoExec.Replace("team-a", "elsewhere", StringComparison.Ordinal));
        var exec = new ExecRequest { ContainerId = "c1", Cmd = { "sh" } };
        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("Exec", exec)).Status.Code);

        daemon.Runtime.Replies.TryRemove(question, out _);

        Assert.Equal(StatusCode.PermissionDenied, (await daemon.CallAsync("Exec", exec)).Status.Code);
    }

    [Fact]
    public async Task T_E2_a_command_is_novel_to_a_container_until_it_was_run_there()
    {
        await using var daemon = await StartAsync("[]");

        foreach (var (container, word) in ((string, string)[])[("c1", "probe"), ("c1", "probe"), ("c1", "other"), ("c2", "probe"), ("c1", "probe")])
            await daemon.CallAsync("ExecSync", new ExecSyncRequest { ContainerId = container, Cmd = { "sh", word } });

        await daemon.StopAsync();

        Assert.Equal(
            ["c1 true", "c1 true", "c2 true"],
            daemon.Events().Where(static e => e.GetProperty("kind").GetString() == EventKinds.CallDecided).Select(static e => $"{e.GetProperty("container").GetProperty("id")} {Detail(e, "novel")}"));
    }

    [Fact]
    public async Task T_R1_an_update_is_recorded_with_what_it_sets_and_what_was_set_before()
    {
        await using var daemon = await StartAsync("[]");
        daemon.Runtime.Replies["ContainerStatus"] = static _ => Task.FromResult<IMessage>(new ContainerStatusResponse
        {
            Status = new ContainerStatus { Id = "c1" },
            Info = { ["info"] = """{"runtimeSpec":{"linux":{"resources":{"memory":{"limit":5},"cpu":{"shares":2}}}}}""" },
        });
        var update = new UpdateContainerResourcesRequest { ContainerId = "c1", Linux = new LinuxContainerResources { MemoryLimitInBytes = 7, Unified = { ["memory.high"] = "6" } } };

        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("UpdateContainerResources", update)).Status.Code);

        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.Equal(
            ["set.memory_limit_in_bytes=7", "set.unified.memory.high=6", "before.memory_limit_in_bytes=5"],
            decided.GetProperty("details").EnumerateObject().Select(static d => $"{d.Name}={d.Value}"));
        Assert.Equal("web", decided.GetProperty("container").GetProperty("name").GetString());
    }

    [Fact]
    public async Task T_P3_a_restore_that_is_refused_does_not_reach_the_runtime()
    {
        await using var daemon = await StartAsync("[{ name: a, mode: enforce, checkpoints: deny }]");

        var reply = await daemon.CallAsync("RestorePod", new RestorePodRequest { CheckpointPath = "/c/a" });

        Assert.Equal(StatusCode.PermissionDenied, reply.Status.Code);
        Assert.Empty(daemon.Runtime.Requests);
        Assert.Equal("/c/a", Detail(await daemon.EventAsync(EventKinds.CallDecided, Patience), "checkpoint"));
    }

    [Fact]
    public async Task T_Q8_each_variant_of_a_refused_call_is_on_record()
    {
        await using var daemon = await StartAsync("[{ name: a, mode: enforce, updates: { unified: [], annotations: [] } }]");

        foreach (var file in (string[])["io.latency", "memory.high", "cpu.max"])
        {
            var update = new UpdateContainerResourcesRequest { ContainerId = "c1", Linux = new LinuxContainerResources { Unified = { [file] = "1" } } };
            Assert.Equal(StatusCode.PermissionDenied, (await daemon.CallAsync("UpdateContainerResources", update)).Status.Code);
        }

        var refused = await daemon.EventsAsync(EventKinds.CallDecided, 3, Patience);
        Assert.Equal(
            ["set.unified.io.latency", "set.unified.memory.high", "set.unified.cpu.max"],
            refused.Select(static e => e.GetProperty("details").EnumerateObject().Single(static d => d.Name.StartsWith("set.", StringComparison.Ordinal)).Name));
    }

    [Fact]
    public async Task T_C8_what_was_created_and_restored_through_the_gate_is_accounted_for_when_it_is_started()
    {
        await using var daemon = await RunningDaemon.StartAsync("[]\nunaccounted: deny");
        daemon.Runtime.Replies["CreateContainer"] = static _ => Task.FromResult<IMessage>(new CreateContainerResponse { ContainerId = "c1" });
        daemon.Runtime.Replies["RestorePod"] = static _ => Task.FromResult<IMessage>(
            new RestorePodResponse { PodSandboxId = "5a0dbc", RestoredContainers = { new RestoredContainer { Name = "web", ContainerId = "c2" } } });
        daemon.Runtime.Replies["ListContainers"] = static _ => Task.FromResult<IMessage>(new ListContainersResponse
        {
            Containers = { ((string[])["c1", "c2", "c3"]).Select(static id => new Container { Id = id, PodSandboxId = "5a0dbc" }) },
        });
        await daemon.CallAsync("CreateContainer", new CreateContainerRequest { PodSandboxId = "5a" });
        await daemon.CallAsync("RestorePod", new RestorePodRequest());

        var codes = new List<StatusCode>();
        foreach (var id in (string[])["c1", "c2", "c3"])
        {
            daemon.Runtime.Replies["ContainerStatus"] = _ => Task.FromResult<IMessage>(new ContainerStatusResponse { Status = new ContainerStatus { Id = id } });
            codes.Add((await daemon.CallAsync("StartContainer", new StartContainerRequest { ContainerId = id })).Status.Code);
        }

        Assert.Equal([StatusCode.Ok, StatusCode.Ok, StatusCode.PermissionDenied], codes);
    }

    [Fact]
    public async Task T_K1_a_late_container_is_known_by_what_the_runtime_lists()
    {
        await using var daemon = await RunningDaemon.StartAsync("[{ name: a, mode: enforce, lateContainers: deny }]");
        daemon.Runtime.Replies["ListContainers"] = static _ => Task.FromResult<IMessage>(new ListContainersResponse
        {
            Containers = { new Container { Id = "c1", PodSandboxId = "5a0dbc", Metadata = new ContainerMetadata { Name = "web" }, State = ContainerState.ContainerRunning } },
        });

        var replies = new List<StatusCode>();
        foreach (var name in (string[])["web", "debug"])
        {
            var request = new CreateContainerRequest { PodSandboxId = "5a0dbc", Config = new ContainerConfig { Metadata = new ContainerMetadata { Name = name } } };
            replies.Add((await daemon.CallAsync("CreateContainer", request)).Status.Code);
        }

        Assert.Equal([StatusCode.Ok, StatusCode.PermissionDenied], replies);
    }

    private static async Task<RunningDaemon> StartAsync(string rules)
    {
        var daemon = await RunningDaemon.StartAsync(rules);
        daemon.Runtime.Replies["ListContainers"] = static _ => Task.FromResult<IMessage>(new ListContainersResponse
        {
            Containers =
            {
                new Container { Id = "c1", PodSandboxId = "5a0dbc", Metadata = new ContainerMetadata { Name = "web" } },
                new Container { Id = "c2", PodSandboxId = "5a0dbc", Metadata = new ContainerMetadata { Name = "log" } },
            },
        });
        return daemon;
    }

    private static string? Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString();
}
