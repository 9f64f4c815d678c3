using System.Text.Json;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;

namespace CriGuard.Tests.Daemon;

/// <summary>A probe, through the whole daemon: what the runtime gets of it, and what is on record.</summary>
public sealed class RepeatedProbeTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_probe_is_written_once_with_a_count_and_runs_each_time()
    {
        await using var daemon = await StartAsync();
        for (var probe = 0; probe < 20; probe++)
            Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("ExecSync", Exec("probe"))).Status.Code);
        await daemon.StopAsync();

        Assert.Equal(20, daemon.Runtime.Requests.Count(static r => r.Method == "ExecSync"));
        Assert.Equal(["call.decided", "call.answered", "call.repeated"], Calls(daemon).Select(Kind));
        Assert.Equal(("19", "0"), (Detail(Calls(daemon)[^1], "repeats"), Detail(Calls(daemon)[^1], "exitCode")));
        Assert.Equal(Calls(daemon)[0].GetProperty("call").GetString(), Calls(daemon)[^1].GetProperty("call").GetString());
    }

    [Fact]
    public async Task T_E2_another_command_between_probes_is_on_record_whole()
    {
        await using var daemon = await StartAsync();
        foreach (var word in (string[])["probe", "probe", "attack", "probe", "attack "])
            await daemon.CallAsync("ExecSync", Exec(word));
        await daemon.StopAsync();

        Assert.Equal(3, Calls(daemon).Count(static e => Kind(e) == "call.decided"));
        Assert.Equal(["true", "true", "true"], Calls(daemon).Where(static e => Kind(e) == "call.decided").Select(static e => Detail(e, "novel")));
    }

    [Fact]
    public async Task A_probe_is_not_permitted_by_what_is_not_on_disk()
    {
        await using var daemon = await StartAsync();
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        var unrecorded = await daemon.CallAsync("ExecSync", Exec("probe"));
        var again = await daemon.CallAsync("ExecSync", Exec("probe"));
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);

        Assert.Equal((StatusCode.Unavailable, StatusCode.Unavailable), (unrecorded.Status.Code, again.Status.Code));
        Assert.DoesNotContain(daemon.Runtime.Requests, static r => r.Method == "ExecSync");
    }

    [Fact]
    public async Task A_new_policy_has_each_probe_written_again()
    {
        await using var daemon = await StartAsync();
        await daemon.CallAsync("ExecSync", Exec("probe"));
        await daemon.ReloadAsync("[{ name: a, mode: enforce, privileged: deny }]");
        await daemon.CallAsync("ExecSync", Exec("probe"));
        await daemon.StopAsync();

        Assert.Equal(2, Calls(daemon).Count(static e => Kind(e) == "call.decided"));
    }

    private async Task<RunningDaemon> StartAsync()
    {
        var daemon = await RunningDaemon.StartAsync("[]", _time);
        daemon.Runtime.Replies["ListContainers"] = static _ => Task.FromResult<Google.Protobuf.IMessage>(new ListContainersResponse
        {
            Containers = { new Container { Id = "c1", PodSandboxId = "5a0dbc", Metadata = new ContainerMetadata { Name = "web" } } },
        });
        return daemon;
    }

    private static ExecSyncRequest Exec(string word) => new() { ContainerId = "c1", Cmd = { "sh", word } };

    private static List<JsonElement> Calls(RunningDaemon daemon) => [.. daemon.Events().Where(static e => Kind(e).StartsWith("call.", StringComparison.Ordinal))];

    private static string Kind(JsonElement line) => line.GetProperty("kind").GetString()!;

    private static string Detail(JsonElement line, string name) => line.GetProperty("details").GetProperty(name).GetString()!;
}
