using System.Net.Sockets;
using System.Text;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Linux.Systemd;
using Google.Protobuf;
using Microsoft.Extensions.Logging;
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

        await FeedAsync(daemon, signs: 3);
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

        await FeedAsync(daemon, signs: 1);
    }

    [Fact]
    public async Task Nothing_is_told_where_the_runtime_answers_and_the_daemon_does_not()
    {
        await using var daemon = await RunningDaemon.StartAsync();
        daemon.Runtime.Replies["Version"] = static _ => Task.FromResult<IMessage>(new VersionResponse());
        using var directory = new TempDirectory();
        using var deaf = Bound(directory, "deaf.sock", SocketType.Stream);
        deaf.Listen();
        using var systemd = Bound(directory, "notify.sock", SocketType.Dgram);
        using var stop = new CancellationTokenSource();
        var (time, log) = (new ManualTime(), new Said());
        var options = new DaemonOptions { Listen = new UnixEndpoint(directory.File("deaf.sock")), Runtime = daemon.RuntimeEndpoint, Policy = "/p", Node = "test" };
        using var watchdog = new Watchdog(options, new SystemdNotify(directory.File("notify.sock")), Period, time, log);

        var running = watchdog.RunAsync(stop.Token);
        using var asked = await deaf.AcceptAsync(stop.Token).AsTask().WaitAsync(Patience);
        time.Advance(Period);
        Assert.Equal("daemon.stuck", await log.First.WaitAsync(Patience));

        Assert.False(systemd.Poll(0, SelectMode.SelectRead));
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Waits for so many signs of life.</summary>
    private static async Task FeedAsync(RunningDaemon daemon, int signs)
    {
        using var directory = new TempDirectory();
        using var systemd = Bound(directory, "notify.sock", SocketType.Dgram);
        using var stop = new CancellationTokenSource();
        var options = new DaemonOptions { Listen = daemon.Endpoint, Runtime = daemon.RuntimeEndpoint, Policy = "/p", Node = "test" };
        using var watchdog = new Watchdog(options, new SystemdNotify(directory.File("notify.sock")), Period, TimeProvider.System, NullLogger.Instance);
        var running = watchdog.RunAsync(stop.Token);
        var message = new byte[64];
        for (int i = 0; i < signs; i++)
            Assert.Equal("WATCHDOG=1", Encoding.UTF8.GetString(message, 0, await systemd.ReceiveAsync(message, stop.Token).AsTask().WaitAsync(Patience)));
        await stop.CancelAsync();
        await running;
    }

    private static Socket Bound(TempDirectory directory, string name, SocketType type)
    {
        var socket = new Socket(AddressFamily.Unix, type, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(directory.File(name)));
        return socket;
    }

    /// <summary>Takes the name of the first event.</summary>
    private sealed class Said : ILogger
    {
        private readonly TaskCompletionSource<string?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<string?> First => _first.Task;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _first.TrySetResult(eventId.Name);
    }
}
