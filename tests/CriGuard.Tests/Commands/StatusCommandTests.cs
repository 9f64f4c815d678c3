using System.Text.Json;
using CriGuard.Commands;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Status;
using CriGuard.Tests.Daemon;
using Google.Protobuf;

namespace CriGuard.Tests.Commands;

public sealed class StatusCommandTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 1, 20, 0, TimeSpan.Zero);

    private static readonly DaemonStatus Well = new()
    {
        Time = Now,
        Pid = 77,
        Started = Now.AddHours(-25),
        Version = "1.2.3",
        Listen = "unix:///run/criguard/criguard.sock",
        Runtime = "unix:///run/containerd/containerd.sock",
        Policy = "/etc/criguard/policy.d",
        Revision = "c530a7193e54",
        Clients = [new(900, 0, "/usr/bin/kubelet", Now.AddMinutes(-90)), new(77, 0, "/usr/bin/criguard", Now), new(901, 0, "/usr/bin/cri\u001bctl", Now)],
        Calls = new(120, 3, 1),
        Sequence = 247,
    };

    private static readonly VersionResponse Containerd = new() { RuntimeName = "containerd", RuntimeVersion = "1.6.20" };

    [Fact]
    public void One_page_says_how_a_daemon_is()
    {
        Assert.Equal(
            """
            daemon   pid 77, version 1.2.3, for 1 d 1 h, on unix:///run/criguard/criguard.sock
            runtime  containerd 1.6.20 on unix:///run/containerd/containerd.sock
            kubelet  pid 900, connected for 1 h 30 min
            client   pid 901, uid 0, /usr/bin/cri\u001bctl, for 0 s
            policy   /etc/criguard/policy.d, revision c530a7193e54
            calls    120 permitted, 3 refused, 1 undecided since the start
            log      247 events; `criguard log verify` proves them

            """,
            StatusText.Of(new SeenStatus(Well, Now, Containerd)));
        Assert.Empty(new SeenStatus(Well, Now, Containerd).Concerns);
    }

    [Fact]
    public void Each_thing_that_needs_a_look_is_said_with_what_to_do()
    {
        Assert.Contains("gone or stuck", Concern(new SeenStatus(Well, Now.AddSeconds(16), Containerd)), StringComparison.Ordinal);
        Assert.Contains("does not answer on unix:///run/containerd", Concern(new SeenStatus(Well, Now, Runtime: null)), StringComparison.Ordinal);
        Assert.Contains("no kubelet is connected", Concern(new SeenStatus(Well with { Clients = [] }, Now, Containerd)), StringComparison.Ordinal);
        Assert.Contains("bypassed until 2026-11-22 01:50:00Z", Concern(new SeenStatus(Well with { BypassedUntil = Now.AddMinutes(30) }, Now, Containerd)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task T_Q1_it_reads_what_a_running_daemon_says_and_names_a_kubelet_that_is_not_there()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        daemon.Runtime.Replies["Version"] = static _ => Task.FromResult<IMessage>(Containerd);

        var text = await Run(daemon);
        var json = JsonElement.Parse((await Run(daemon, "-o", "json")).Output);
        await daemon.StopAsync();
        var after = await Run(daemon);

        // The test is no kubelet, and is told so.
        Assert.Equal(1, text.ExitCode);
        Assert.Equal("criguard: no kubelet is connected: set its `containerRuntimeEndpoint` to " + daemon.Endpoint + " and restart it\n", text.Error);
        Assert.Contains("runtime  containerd 1.6.20", text.Output, StringComparison.Ordinal);
        Assert.Equal(Environment.ProcessId, json.GetProperty("pid").GetInt32());
        Assert.Equal(daemon.Endpoint.ToString(), json.GetProperty("listen").GetString());
        Assert.Equal((1, ""), (after.ExitCode, after.Output));
        Assert.Contains("no daemon runs on", after.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"time\":")]
    public async Task What_is_no_status_cannot_be_told(string content)
    {
        using var state = new TempDirectory();
        state.Write("status.json", content);

        var run = await CommandRun.Of(StatusCommand.Create(), "--state-dir", state.File(""));

        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("is no status of a daemon", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Calls_are_counted_by_what_became_of_them()
    {
        var tally = new CallTally();
        tally.Permitted();
        tally.Permitted();
        tally.Refused();

        Assert.Equal(new CallCounts(2, 1, 0), tally.Counts);
    }

    private static string Concern(SeenStatus seen) => Assert.Single(seen.Concerns);

    private static Task<CommandRun> Run(RunningDaemon daemon, params string[] more) => CommandRun.Of(StatusCommand.Create(), ["--state-dir", daemon.StateDirectory, .. more]);
}
