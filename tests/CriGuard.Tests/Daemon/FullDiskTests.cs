using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Calls;
using CriGuard.Store.Events;

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

    [Fact]
    public async Task A_daemon_starts_on_a_full_disk_and_its_start_is_recorded_once_there_is_space()
    {
        var time = new ManualTime();
        var log = "";
        var ballast = "";
        await using var daemon = await RunningDaemon.StartAsync(Strict, time, before: state =>
        {
            log = Directory.CreateDirectory(Path.Combine(state, "events")).FullName;
            ballast = Path.Combine(log, "ballast");
            Run("mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "criguard-test", log);
            EventLog.Open(log, new EventLogOptions { Node = "test" }).Dispose();
            Fill(ballast);
        });
        try
        {
            Assert.Equal(StatusCode.Unavailable, (await daemon.CallAsync("RunPodSandbox", Pod(privileged: false))).Status.Code);
            Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("RemovePodSandbox", new RemovePodSandboxRequest { PodSandboxId = "5a0dbc" })).Status.Code);
            File.Delete(ballast);
            var started = Task.Run(() => daemon.EventAsync(EventKinds.DaemonStarted, TimeSpan.FromMinutes(1)));
            while (!started.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(5));
                await Task.Yield();
            }

            await started;
            Assert.Equal(StatusCode.Ok, (await daemon.CallAsync("RunPodSandbox", Pod(privileged: false))).Status.Code);
            await daemon.StopAsync();
            Assert.Null(LogVerifier.Verify(log).Fault);
        }
        finally
        {
            Run("umount", "-l", log);
        }
    }

    // To the last byte: a file system that is almost full takes one event more.
    private static void Fill(string path)
    {
        using var file = File.Create(path, bufferSize: 1);
        try
        {
            while (true)
                file.Write(new byte[512]);
        }
        catch (IOException)
        {
            // Full.
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"`{program} {string.Join(' ', arguments)}` failed: this test takes root");
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
