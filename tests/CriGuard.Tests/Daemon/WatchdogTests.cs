using System.Net.Sockets;
using System.Text;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Linux.Systemd;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace CriGuard.Tests.Daemon;

public sealed class WatchdogTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(600);

    [Fact]
    public async Task Systemd_is_told_again_and_again_while_calls_get_through()
    {
        await using var daemon = await RunningDaemon.StartAsync();

        Assert.True(await IsFedAsync(daemon, daemon.Endpoint, signs: 3));
    }

    [Fact]
    public async Task A_runtime_that_hangs_is_no_reason_to_be_started_anew()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        daemon.Runtime.Replies["Version"] = static async gone =>
        {
            await Task.Delay(Timeout.Infinite, gone);
            return new VersionResponse();
        };

        Assert.True(await IsFedAsync(daemon, daemon.Endpoint, signs: 1));
    }

    [Fact]
    public async Task Nothing_is_told_where_the_runtime_answers_and_the_daemon_does_not()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        using var directory = new TempDirectory();
        var deaf = new UnixEndpoint(directory.File("deaf.sock"));
        using var socket = ListeningSocket.Bind(deaf);
        var (asked, often) = (0, new TaskCompletionSource());
        daemon.Runtime.Replies["Version"] = _ =>
        {
            if (Interlocked.Increment(ref asked) == 3)
                often.SetResult();
            return Task.FromResult<IMessage>(new VersionResponse());
        };

        Assert.False(await IsFedAsync(daemon, deaf, signs: 1, until: often.Task));
    }

    /// <summary>Whether so many signs of life come before the runtime was asked often enough.</summary>
    private static async Task<bool> IsFedAsync(RunningDaemon daemon, UnixEndpoint through, int signs, Task? until = null)
    {
        using var directory = new TempDirectory();
        using var systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        systemd.Bind(new UnixDomainSocketEndPoint(directory.File("notify.sock")));
        using var stop = new CancellationTokenSource();
        var options = new DaemonOptions { Listen = through, Runtime = daemon.RuntimeEndpoint, Policy = "/p", Node = "test" };
        using var watchdog = new Watchdog(options, new SystemdNotify(directory.File("notify.sock")), Period, TimeProvider.System, NullLogger.Instance);
        var running = watchdog.RunAsync(stop.Token);
        var fed = ReceivedAsync(systemd, signs, stop.Token);
        await Task.WhenAny(fed, until ?? fed).WaitAsync(Patience);
        await stop.CancelAsync();
        await running;
        return await fed;
    }

    private static async Task<bool> ReceivedAsync(Socket systemd, int signs, CancellationToken stop)
    {
        var message = new byte[64];
        try
        {
            for (int i = 0; i < signs; i++)
                Assert.Equal("WATCHDOG=1", Encoding.UTF8.GetString(message, 0, await systemd.ReceiveAsync(message, stop)));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
