using System.Text.Json;
using CriGuard.Daemon;
using CriGuard.Grpc.Calls;
using CriGuard.Store.Events;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;

namespace CriGuard.Tests.Daemon;

/// <summary>The daemon in this process, in front of a scripted runtime, with a client that is pointed to it.</summary>
internal sealed class RunningDaemon : IAsyncDisposable
{
    /// <summary>A daemon that does not serve fails its test instead of keeping it.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private GuardDaemon _daemon = null!;
    private ListeningSocket _listening = null!;
    private Task _running = Task.CompletedTask;

    public ScriptedRuntime Runtime { get; private set; } = null!;

    public RuntimeChannel Client { get; private set; } = null!;

    public UnixEndpoint Endpoint => new(_directory.File("cri.sock"));

    public string EventDirectory => _directory.File("state/events");

    public static async Task<RunningDaemon> StartAsync(string rules = "[]")
    {
        var running = new RunningDaemon();
        var directory = running._directory;
        var policy = $"apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata:\n  name: test\nrules: {rules}\n";
        var options = new DaemonOptions
        {
            Listen = running.Endpoint,
            Runtime = new UnixEndpoint(directory.File("runtime.sock")),
            Policy = directory.Write("policy.yaml", policy),
            StateDirectory = directory.File("state"),
            Node = "test",
            Drain = TimeSpan.Zero,
        };
        running.Runtime = await ScriptedRuntime.StartAsync(options.Runtime.Path);
        running._daemon = new GuardDaemon(options, NullLogger.Instance);
        running._listening = ListeningSocket.Bind(options.Listen);
        running.Client = new RuntimeChannel(options.Listen.Path);
        running._running = running._daemon.RunAsync(running._listening, running._stop.Token);
        // Its start is recorded before it serves: a test may take the log away once a call was answered.
        await running.CallAsync("Version", []);
        running.Runtime.Requests.Clear();
        return running;
    }

    public Task<RuntimeReply> CallAsync(string method, IMessage request, CancellationToken cancelled = default) => CallAsync(method, request.ToByteArray(), cancelled);

    public Task<RuntimeReply> CallAsync(string method, byte[] request, CancellationToken cancelled = default) =>
        Client.CallAsync("/runtime.v1.RuntimeService/" + method, request, headers: null, cancelled).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Waits for the first event of a kind.</summary>
    public async Task<JsonElement> EventAsync(string kind, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            await foreach (var line in File.ReadLinesAsync(Directory.GetFiles(EventDirectory, "*.jsonl").Order().First(), limit.Token))
            {
                if (line.Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal))
                    return JsonElement.Parse(line);
            }
        }
    }

    /// <summary>Stops the daemon as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _running;
        }
        finally
        {
            _daemon.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await StopAsync();
        }
        catch (EventLogException)
        {
            // Of tests that break the log.
        }

        Client.Dispose();
        _listening.Dispose();
        await Runtime.DisposeAsync();
        _stop.Dispose();
        _directory.Dispose();
    }
}
