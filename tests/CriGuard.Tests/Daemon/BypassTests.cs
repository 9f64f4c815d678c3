using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using CriGuard.Store.BreakGlass;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>Break-glass: everything goes on, and nothing of it in silence.</summary>
public sealed class BypassTests
{
    private const string Strict = "[{ name: strict, mode: enforce, privileged: deny, hostNamespaces: deny }]";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_bypass_lets_on_what_the_policy_refuses_with_its_bytes_and_records_both()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        Open(daemon, TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(1));
        await daemon.EventAsync(EventKinds.BypassOpened, Patience);

        var reply = await daemon.CallAsync("RunPodSandbox", Privileged());

        Assert.Equal(StatusCode.Ok, reply.Status.Code);
        Assert.Equal(Privileged().ToByteArray(), Assert.Single(daemon.Runtime.Requests).Message);
        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.Equal("permit", decided.GetProperty("verdict").GetString());
        Assert.Equal("audit", decided.GetProperty("findings")[0].GetProperty("mode").GetString());
        Assert.Contains("by root until 2026-11-22T01:50:00.0000000Z: all pods refused", decided.GetProperty("details").GetProperty("bypass").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bypass_lets_on_what_cannot_be_judged()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        daemon.Runtime.Replies["PodSandboxStatus"] = static _ => Task.FromResult<IMessage>(new PodSandboxStatusResponse());
        Open(daemon, TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(1));
        await daemon.EventAsync(EventKinds.BypassOpened, Patience);

        var reply = await daemon.CallAsync("CreateContainer", new CreateContainerRequest { PodSandboxId = "5a0dbc" });

        Assert.Equal(StatusCode.Ok, reply.Status.Code);
        var decided = await daemon.EventAsync(EventKinds.CallDecided, Patience);
        Assert.NotEmpty(decided.GetProperty("details").GetProperty("unjudged").GetString()!);
    }

    [Fact]
    public async Task A_bypass_lets_on_what_cannot_be_recorded()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        Open(daemon, TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(1));
        await daemon.EventAsync(EventKinds.BypassOpened, Patience);
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");

        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("RunPodSandbox", Privileged())).Status.Code);
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);
    }

    [Fact]
    public async Task A_bypass_ends_by_itself_and_its_file_is_gone()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var file = Open(daemon, TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(1));
        await daemon.EventAsync(EventKinds.BypassOpened, Patience);

        // Before the watch looks again: the end is in what was decided, not in when somebody looks.
        _time.Advance(TimeSpan.FromMinutes(30));
        var reply = await daemon.CallAsync("RunPodSandbox", Privileged());

        Assert.Equal(StatusCode.PermissionDenied, reply.Status.Code);
        Assert.Equal("expired", Cause(await daemon.EventAsync(EventKinds.BypassClosed, Patience)));
        Assert.False(File.Exists(file.Path));
    }

    [Fact]
    public async Task A_bypass_is_taken_back()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var file = Open(daemon, TimeSpan.FromMinutes(30));
        _time.Advance(TimeSpan.FromSeconds(1));
        await daemon.EventAsync(EventKinds.BypassOpened, Patience);

        file.Remove();
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("taken back", Cause(await daemon.EventAsync(EventKinds.BypassClosed, Patience)));
        Assert.Equal(StatusCode.PermissionDenied, (await daemon.CallAsync("RunPodSandbox", Privileged())).Status.Code);
    }

    [Theory]
    [InlineData(1, 30)]
    [InlineData(-60, 30)]
    [InlineData(0, 25 * 60)]
    public async Task One_that_has_not_begun_or_is_over_or_would_last_too_long_opens_nothing(int begins, int minutes)
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var began = _time.GetUtcNow().AddMinutes(begins);
        var file = new BypassFile(daemon.StateDirectory);
        file.Write(new Bypass(began, began.AddMinutes(minutes), "all pods refused", "root"));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(StatusCode.PermissionDenied, (await daemon.CallAsync("RunPodSandbox", Privileged())).Status.Code);
    }

    [Fact]
    public async Task A_daemon_that_starts_finds_it_open_before_its_first_call()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time, before: state =>
            new BypassFile(state).Write(new Bypass(_time.GetUtcNow(), _time.GetUtcNow().AddMinutes(30), "all pods refused", "root")));

        Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("RunPodSandbox", Privileged())).Status.Code);
    }

    private BypassFile Open(RunningDaemon daemon, TimeSpan span)
    {
        var file = new BypassFile(daemon.StateDirectory);
        file.Write(new Bypass(_time.GetUtcNow(), _time.GetUtcNow() + span, "all pods refused", "root"));
        return file;
    }

    private static RunPodSandboxRequest Privileged() => new()
    {
        Config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" },
            Linux = new LinuxPodSandboxConfig { SecurityContext = new LinuxSandboxSecurityContext { Privileged = true } },
        },
    };

    private static string? Cause(JsonElement line) => line.GetProperty("details").GetProperty("cause").GetString();
}
