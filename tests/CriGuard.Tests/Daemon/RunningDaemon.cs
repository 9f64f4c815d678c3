using System.Text.Json;
using CriGuard.Core.Events;
using CriGuard.Cri.Runtime;
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

    /// <summary>The image service, where it is not the runtime's.</summary>
    public ScriptedRuntime? Images { get; private set; }

    public RuntimeChannel Client { get; private set; } = null!;

    public UnixEndpoint Endpoint => new(_directory.File("cri.sock"));

    public UnixEndpoint RuntimeEndpoint => new(_directory.File("runtime.sock"));

    public string StateDirectory => _directory.File("state");

    public string EventDirectory => _directory.File("state/events");

    private string PolicyFile => _directory.File("policy.yaml");

    /// <param name="rules">Of the policy, in YAML.</param>
    /// <param name="time">The daemon's clock.</param>
    /// <param name="images">Whether images have a service of their own.</param>
    /// <param name="before">What is done to the state directory before it starts.</param>
    /// <param name="goOnUnrecorded">Whether calls go on that cannot be recorded.</param>
    /// <param name="drain">For calls in flight when it is stopped.</param>
    public static async Task<RunningDaemon> StartAsync(
        string rules = "[]", TimeProvider? time = null, bool images = false, Action<string>? before = null, bool goOnUnrecorded = false, TimeSpan drain = default)
    {
        var running = new RunningDaemon();
        var directory = running._directory;
        Directory.CreateDirectory(running.StateDirectory);
        before?.Invoke(running.StateDirectory);
        running.WritePolicy(rules);
        var options = new DaemonOptions
        {
            Listen = running.Endpoint,
            Runtime = running.RuntimeEndpoint,
            Policy = running.PolicyFile,
            Image = images ? new UnixEndpoint(directory.File("image.sock")) : null,
            StateDirectory = directory.File("state"),
            Node = "test",
            Drain = drain,
            // Tests of it ask it to look: its questions would be among those that others count.
            Lives = TimeSpan.Zero,
            GoOnUnrecorded = goOnUnrecorded,
        };
        running.Runtime = await ScriptedRuntime.StartAsync(options.Runtime.Path);
        running._daemon = new GuardDaemon(options, time ?? TimeProvider.System, NullLogger.Instance);
        if (options.Image is { } endpoint)
            running.Images = await ScriptedRuntime.StartAsync(endpoint.Path);
        running._listening = ListeningSocket.Bind(options.Listen);
        running.Client = new RuntimeChannel(options.Listen.Path);
        var looked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        running.Runtime.Replies["ListContainers"] = _ =>
        {
            looked.TrySetResult();
            return Task.FromResult<IMessage>(new ListContainersResponse());
        };
        running._running = running._daemon.RunAsync(running._listening, running._stop.Token);
        // Its start is recorded before it serves: a test may take the log away once a call was answered.
        await running.CallAsync("Version", []);
        await looked.Task.WaitAsync(Patience);
        running.Runtime.Replies.TryRemove("ListContainers", out _);
        running.Runtime.Requests.Clear();
        return running;
    }

    public Task<RuntimeReply> CallAsync(string method, IMessage request, CancellationToken cancelled = default) => CallAsync(method, request.ToByteArray(), cancelled);

    public Task<RuntimeReply> CallAsync(string method, byte[] request, CancellationToken cancelled = default) =>
        Client.CallAsync("/runtime.v1.RuntimeService/" + method, request, headers: null, cancelled).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Writes other rules and takes them as SIGHUP does.</summary>
    public Task ReloadAsync(string rules)
    {
        WritePolicy(rules);
        return _daemon.ReloadAsync();
    }

    /// <summary>All events so far, but for those of the log about its signatures.</summary>
    public List<JsonElement> Events() =>
    [
        .. File.ReadLines(Path.Combine(EventDirectory, "events-000000000001.jsonl")).Select(static line => JsonElement.Parse(line))
            .Where(static line => line.GetProperty("kind").GetString() is not (EventKinds.LogKey or EventKinds.LogCheckpoint)),
    ];

    public Task<RuntimeReply> ImageCallAsync(string method, byte[] request, CancellationToken cancelled = default) =>
        Client.CallAsync("/runtime.v1.ImageService/" + method, request, headers: null, cancelled).WaitAsync(Patience, CancellationToken.None);

    /// <summary>Waits for the first event of a kind.</summary>
    public async Task<JsonElement> EventAsync(string kind, TimeSpan patience) => (await EventsAsync(kind, 1, patience))[0];

    /// <summary>Waits for the first events of a kind.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string kind, int count, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        while (true)
        {
            var found = new List<JsonElement>();
            await foreach (var line in File.ReadLinesAsync(Directory.GetFiles(EventDirectory, "*.jsonl").Order().First(), limit.Token))
            {
                if (line.Contains($"\"kind\":\"{kind}\"", StringComparison.Ordinal))
                    found.Add(JsonElement.Parse(line));
                if (found.Count == count)
                    return found;
            }
        }
    }

    /// <summary>Stops the daemon as SIGTERM does.</summary>
    public async Task StopAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
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

    private void WritePolicy(string rules) =>
        File.WriteAllText(PolicyFile, $"apiVersion: criguard.io/v1\nkind: NodePolicy\nmetadata:\n  name: test\nrules: {rules}\n");

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
        if (Images is not null)
            await Images.DisposeAsync();
        _stop.Dispose();
        _directory.Dispose();
    }
}
