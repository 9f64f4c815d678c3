using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>What reaches the runtime, and what is on record, when a call goes odd ways.</summary>
public sealed class ProxyTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task T_C7_a_request_that_says_a_thing_twice_reaches_the_runtime_only_as_it_was_judged()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var judged = new RunPodSandboxRequest { RuntimeHandler = "runsc", Config = Sandbox() };
        byte[] twice = [.. new RunPodSandboxRequest { RuntimeHandler = "runc" }.ToByteArray(), .. judged.ToByteArray()];

        await daemon.CallAsync("RunPodSandbox", twice);

        var (method, message) = Assert.Single(daemon.Runtime.Requests);
        Assert.Equal("RunPodSandbox", method);
        Assert.Equal(judged.ToByteArray(), message);
    }

    [Theory]
    [InlineData("/containerd.services.diff.v1.Diff/Diff")]
    [InlineData("/containerd.services.content.v1.Content/Read")]
    [InlineData("/containerd.services.tasks.v1.Tasks/Kill")]
    public async Task T_Q2_the_runtimes_own_api_does_not_come_through_and_the_attempt_is_on_record(string path)
    {
        await using var daemon = await RunningDaemon.StartAsync();

        var reply = await daemon.Client.CallAsync(path, new byte[] { 8, 1 }, headers: null, CancellationToken.None).WaitAsync(Patience);

        Assert.Equal(StatusCode.PermissionDenied, reply.Status.Code);
        Assert.Empty(daemon.Runtime.Requests);
        Assert.Equal(path[1..], (await daemon.EventAsync(EventKinds.CallDecided, Patience)).GetProperty("method").GetString());
    }

    // The rules that match would be those for no pod at all.
    [Fact]
    public async Task A_sandbox_that_the_runtime_tells_nothing_of_gets_no_container()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        daemon.Runtime.Replies["PodSandboxStatus"] = static _ => Task.FromResult<IMessage>(new PodSandboxStatusResponse());

        var reply = await daemon.CallAsync("CreateContainer", new CreateContainerRequest { PodSandboxId = "5a0dbc" });

        Assert.Equal(StatusCode.Internal, reply.Status.Code);
        Assert.DoesNotContain(daemon.Runtime.Requests, static request => request.Method == "CreateContainer");
        await daemon.EventAsync(EventKinds.CallUndecided, Patience);
    }

    [Fact]
    public async Task A_caller_that_goes_while_its_call_is_judged_leaves_a_record_and_nothing_at_the_runtime()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        using var caller = new CancellationTokenSource();
        var asked = new TaskCompletionSource();
        daemon.Runtime.Replies["PodSandboxStatus"] = async gone =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, gone);
            return new PodSandboxStatusResponse();
        };

        var call = daemon.CallAsync("CreateContainer", new CreateContainerRequest { PodSandboxId = "5a0dbc" }, caller.Token);
        await asked.Task.WaitAsync(Patience);
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);

        var undecided = await daemon.EventAsync(EventKinds.CallUndecided, Patience);
        Assert.Equal((int)StatusCode.Cancelled, undecided.GetProperty("answer").GetProperty("code").GetInt32());
        Assert.DoesNotContain(daemon.Runtime.Requests, static request => request.Method == "CreateContainer");
    }

    [Fact]
    public async Task A_call_that_the_end_of_the_daemon_cuts_is_on_record_before_that_end()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var asked = new TaskCompletionSource();
        daemon.Runtime.Replies["RunPodSandbox"] = async gone =>
        {
            asked.SetResult();
            await Task.Delay(Timeout.Infinite, gone);
            return new RunPodSandboxResponse();
        };

        var call = daemon.CallAsync("RunPodSandbox", new RunPodSandboxRequest { Config = Sandbox() });
        await asked.Task.WaitAsync(Patience);
        await daemon.StopAsync();
        await call;

        Assert.Equal(
            [EventKinds.CallDecided, EventKinds.CallAnswered, EventKinds.DaemonStopped],
            daemon.Events().Select(static line => line.GetProperty("kind").GetString()).Skip(1));
    }

    [Fact]
    public async Task A_call_that_was_begun_before_a_policy_was_taken_finishes_under_the_one_before()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var status = daemon.Runtime.Replies["PodSandboxStatus"];
        var asked = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        daemon.Runtime.Replies["PodSandboxStatus"] = async cancelled =>
        {
            asked.TrySetResult();
            await go.Task;
            return await status(cancelled);
        };
        var privileged = new LinuxContainerSecurityContext { Privileged = true };
        var request = new CreateContainerRequest { PodSandboxId = "5a0dbc", Config = new() { Linux = new() { SecurityContext = privileged } } };

        var call = daemon.CallAsync("CreateContainer", request);
        await asked.Task.WaitAsync(Patience);
        await daemon.ReloadAsync("[{ name: strict, mode: enforce, privileged: deny }]");
        go.SetResult();
        var early = await call;
        var late = await daemon.CallAsync("CreateContainer", request);

        Assert.Equal((StatusCode.Ok, StatusCode.PermissionDenied), (early.Status.Code, late.Status.Code));
        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        var loaded = (await daemon.EventAsync(EventKinds.PolicyLoaded, Patience)).GetProperty("details");
        Assert.Equal(loaded.GetProperty("before").GetString(), decided.GetProperty("revision").GetString());
        Assert.NotEqual(loaded.GetProperty("revision").GetString(), decided.GetProperty("revision").GetString());
    }

    [Fact]
    public async Task T_C4_an_access_is_recorded_with_the_pod_of_its_sandbox_whatever_labels_the_container_was_given()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        var container = new Container { Id = "c1", PodSandboxId = "5a0dbc", Labels = { ["io.kubernetes.pod.namespace"] = "kube-system" } };
        daemon.Runtime.Replies["ListContainers"] = _ => Task.FromResult<IMessage>(new ListContainersResponse { Containers = { container } });

        await daemon.CallAsync("ExecSync", new ExecSyncRequest { ContainerId = "c1", Cmd = { "sh" } });

        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.Equal("team-a", decided.GetProperty("pod").GetProperty("namespace").GetString());
        Assert.Equal("5a0dbc", decided.GetProperty("sandbox").GetString());
    }

    [Fact]
    public async Task A_sandbox_that_is_named_by_the_beginning_of_its_id_is_recorded_by_all_of_it()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        await daemon.CallAsync("CreateContainer", new CreateContainerRequest { PodSandboxId = "5a" });

        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.Equal("5a0dbc", decided.GetProperty("sandbox").GetString());
    }

    [Fact]
    public async Task T_Q5_without_a_log_nothing_is_made_and_everything_can_be_ended()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        Directory.Delete(daemon.EventDirectory, recursive: true);

        var created = await daemon.CallAsync("RunPodSandbox", new RunPodSandboxRequest { Config = Sandbox() });
        var entered = await daemon.CallAsync("ExecSync", new ExecSyncRequest { ContainerId = "c1", Cmd = { "sh" } });
        var stopped = await daemon.CallAsync("StopContainer", new StopContainerRequest { ContainerId = "c1" });

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable, StatusCode.Ok), (created.Status.Code, entered.Status.Code, stopped.Status.Code));
        Assert.Contains("taken away", created.Status.Message);
        Assert.Equal(["ListContainers", "ListContainers", "StopContainer"], daemon.Runtime.Requests.Select(static request => request.Method));
    }

    private static PodSandboxConfig Sandbox() => new() { Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" } };
}
