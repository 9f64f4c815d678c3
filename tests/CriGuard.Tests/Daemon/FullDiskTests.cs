using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;

namespace CriGuard.Tests.Daemon;

/// <summary>A daemon whose event log cannot be written, as it may be told to take it.</summary>
public sealed class FullDiskTests
{
    private const string Strict = "[{ name: strict, mode: enforce, privileged: deny }]";

    [Theory]
    [InlineData(false, StatusCode.Unavailable)]
    [InlineData(true, StatusCode.Ok)]
    public async Task A_permitted_call_is_refused_or_goes_on_as_configured_and_the_gap_is_recorded(bool goOn, StatusCode expected)
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, goOnUnrecorded: goOn);
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        var unrecorded = await daemon.CallAsync("RunPodSandbox", Pod(privileged: false));
        var ended = await daemon.CallAsync("RemovePodSandbox", new RemovePodSandboxRequest { PodSandboxId = "5a0dbc" });
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);
        await daemon.CallAsync("RunPodSandbox", Pod(privileged: false));

        Assert.Equal((expected, StatusCode.Ok), (unrecorded.Status.Code, ended.Status.Code));
        Assert.Equal(goOn ? 2 : 1, daemon.Runtime.Requests.Count(static r => r.Method == "RunPodSandbox"));
        var gap = await daemon.EventAsync(EventKinds.LogGap, TimeSpan.FromMinutes(1));
        Assert.Contains("was taken away", gap.GetProperty("details").GetProperty("cause").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_stays_one_while_calls_go_on_unrecorded()
    {
        await using var daemon = await RunningDaemon.StartAsync(Strict, goOnUnrecorded: true);
        Directory.Move(daemon.EventDirectory, daemon.EventDirectory + ".away");
        var refused = await daemon.CallAsync("RunPodSandbox", Pod(privileged: true));
        Directory.Move(daemon.EventDirectory + ".away", daemon.EventDirectory);

        Assert.Equal(StatusCode.PermissionDenied, refused.Status.Code);
        Assert.DoesNotContain(daemon.Runtime.Requests, static r => r.Method == "RunPodSandbox");
    }

    private static RunPodSandboxRequest Pod(bool privileged) => new()
    {
        Config = new PodSandboxConfig
        {
            Metadata = new PodSandboxMetadata { Name = "web-0", Namespace = "team-a", Uid = "2f1c" },
            Linux = new LinuxPodSandboxConfig { SecurityContext = new LinuxSandboxSecurityContext { Privileged = privileged } },
        },
    };
}
