using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using Google.Protobuf;

namespace CriGuard.Tests.Daemon;

/// <summary>What is recorded of the handler that a pod is run under.</summary>
public sealed class SandboxTests
{
    private const string Rules =
        "[{ name: r, mode: enforce, match: { podLabels: { tier: untrusted } }, sandbox: gvisor }]\nhandlers: [{ name: runc, level: runc }, { name: runsc, level: gvisor }]";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task What_was_asked_and_what_it_came_to_are_on_record()
    {
        await using var daemon = await StartAsync();

        var reply = await daemon.CallAsync("RunPodSandbox", new RunPodSandboxRequest { Config = Sandbox("untrusted"), RuntimeHandler = "runc" });

        Assert.Equal(StatusCode.Ok, reply.Status.Code);
        var details = (await daemon.EventAsync(EventKinds.CallDecided, Patience)).GetProperty("details");
        Assert.Equal("""{"runtimeHandler":"runc","handler":"runsc","level":"gvisor"}""", details.GetRawText());
        Assert.Equal("runsc", RunPodSandboxRequest.Parser.ParseFrom(daemon.Runtime.Requests.Single(static r => r.Method == "RunPodSandbox").Message).RuntimeHandler);
    }

    [Fact]
    public async Task T_C1_a_pod_that_comes_back_with_less_than_it_had_is_on_record()
    {
        await using var daemon = await StartAsync();
        daemon.Runtime.Replies["ListPodSandbox"] = static _ => Task.FromResult<IMessage>(new ListPodSandboxResponse
        {
            Items =
            {
                new PodSandbox { Id = "2", Metadata = Sandbox("").Metadata, RuntimeHandler = "runsc", CreatedAt = 2 },
                new PodSandbox { Id = "1", Metadata = Sandbox("").Metadata, RuntimeHandler = "runc", CreatedAt = 1 },
                new PodSandbox { Id = "3", Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "other" }, RuntimeHandler = "runc", CreatedAt = 3 },
            },
        });

        await daemon.CallAsync("RunPodSandbox", new RunPodSandboxRequest { Config = Sandbox("trusted"), RuntimeHandler = "runc" });

        var finding = Assert.Single((await daemon.EventAsync(EventKinds.CallDecided, Patience)).GetProperty("findings").EnumerateArray());
        Assert.Equal(
            "pod `team-a/web-0` is run under handler `runc`, and ran under handler `runsc` (gvisor) before", finding.GetProperty("message").GetString());
        var asked = ListPodSandboxRequest.Parser.ParseFrom(daemon.Runtime.Requests.Single(static r => r.Method == "ListPodSandbox").Message);
        Assert.Equal("web-0", asked.Filter.LabelSelector["io.kubernetes.pod.name"]);
    }

    private static async Task<RunningDaemon> StartAsync()
    {
        var daemon = await RunningDaemon.StartAsync(Rules);
        daemon.Runtime.Replies["Status"] = static _ => Task.FromResult<IMessage>(
            new StatusResponse { RuntimeHandlers = { new RuntimeHandler { Name = "runc" }, new RuntimeHandler { Name = "runsc" } } });
        return daemon;
    }

    private static PodSandboxConfig Sandbox(string tier) => new()
    {
        Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" }, Labels = { ["tier"] = tier },
    };
}
