using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;

namespace CriGuard.Tests.Daemon;

/// <summary>A pod that is refused, and a kubelet that does not give up.</summary>
public sealed class RepeatedRefusalTests
{
    private const string Strict = "[{ name: strict, mode: enforce, privileged: deny, hostNamespaces: deny }]";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_refusal_that_comes_again_is_answered_alike_and_written_once_with_a_count()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var answers = new List<GrpcStatus>();
        for (uint attempt = 0; attempt < 50; attempt++)
            answers.Add((await daemon.CallAsync("RunPodSandbox", Pod(attempt))).Status);

        _time.Advance(TimeSpan.FromMinutes(9));
        await daemon.CallAsync("RunPodSandbox", Pod(50));
        _time.Advance(TimeSpan.FromMinutes(1));
        var repeated = await daemon.EventAsync(EventKinds.CallRepeated, Patience);
        await daemon.CallAsync("RunPodSandbox", Pod(51));
        await daemon.StopAsync();

        Assert.Equal(StatusCode.PermissionDenied, answers[0].Code);
        Assert.Single(answers.Distinct());
        var written = Assert.Single(daemon.Events(), static e => Kind(e) == EventKinds.CallDecided);
        Assert.Equal(written.GetProperty("call").GetString(), repeated.GetProperty("call").GetString());
        Assert.Equal(written.GetProperty("revision").GetString(), repeated.GetProperty("revision").GetString());
        Assert.Equal(written.GetProperty("findings")[0].GetRawText(), repeated.GetProperty("findings")[0].GetRawText());
        Assert.Equal("50", repeated.GetProperty("details").GetProperty("repeats").GetString());
        Assert.Equal("1", daemon.Events().Last(static e => Kind(e) == EventKinds.CallRepeated).GetProperty("details").GetProperty("repeats").GetString());
        Assert.Equal([EventKinds.CallDecided, EventKinds.CallRepeated, EventKinds.CallRepeated, EventKinds.DaemonStopped], daemon.Events().Select(Kind).Skip(1));
    }

    [Fact]
    public async Task T_Q8_every_variant_of_a_refused_pod_is_written_with_their_number()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var hostNetwork = Pod(1);
        hostNetwork.Config.Linux.SecurityContext = new() { NamespaceOptions = new() { Network = NamespaceMode.Node } };

        await daemon.CallAsync("RunPodSandbox", Pod(0));
        await daemon.CallAsync("RunPodSandbox", Pod(1));
        await daemon.CallAsync("RunPodSandbox", hostNetwork);
        await daemon.CallAsync("RunPodSandbox", Pod(2));
        await daemon.StopAsync();

        Assert.Equal(
            ["call.decided", "call.repeated 1", "call.decided 2", "call.repeated 2"],
            daemon.Events().Where(static e => Kind(e).StartsWith("call.", StringComparison.Ordinal)).Select(static e => $"{Kind(e)} {Variants(e)}".TrimEnd()));
    }

    [Fact]
    public async Task A_permit_tells_of_the_refusals_before_it()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        var permitted = Pod(2);
        permitted.Config.Linux.SecurityContext.Privileged = false;

        await daemon.CallAsync("RunPodSandbox", Pod(0));
        await daemon.CallAsync("RunPodSandbox", Pod(1));
        await daemon.CallAsync("RunPodSandbox", permitted);
        await daemon.StopAsync();

        Assert.Equal(
            [EventKinds.CallDecided, EventKinds.CallRepeated, EventKinds.CallDecided, EventKinds.CallAnswered],
            daemon.Events().Select(Kind).Where(static kind => kind.StartsWith("call.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_refusal_that_could_not_be_recorded_does_not_count_as_one_that_was()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, _time);
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        var unrecorded = await daemon.CallAsync("RunPodSandbox", Pod(0));
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);
        var recorded = await daemon.CallAsync("RunPodSandbox", Pod(0));

        Assert.Equal((StatusCode.Unavailable, StatusCode.PermissionDenied), (unrecorded.Status.Code, recorded.Status.Code));
        Assert.Equal("refuse", (await daemon.EventAsync(EventKinds.CallDecided, Patience)).GetProperty("verdict").GetString());
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        Assert.Equal(recorded.Status, (await daemon.CallAsync("RunPodSandbox", Pod(0))).Status);
    }

    private static RunPodSandboxRequest Pod(uint attempt) => new()
    {
        Config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c", Attempt = attempt },
            Linux = new LinuxPodSandboxConfig { SecurityContext = new LinuxSandboxSecurityContext { Privileged = true } },
        },
    };

    private static string Kind(JsonElement line) => line.GetProperty("kind").GetString()!;

    private static string Variants(JsonElement line) =>
        line.TryGetProperty("details", out var details) && details.TryGetProperty("variants", out var number) ? number.GetString()! : "";
}
