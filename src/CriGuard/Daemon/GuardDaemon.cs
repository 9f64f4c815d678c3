using CriGuard.Core.Events;
using CriGuard.Cri.Methods;
using CriGuard.Daemon.Judging;
using CriGuard.Daemon.Lives;
using CriGuard.Grpc.Relay;
using CriGuard.Linux.Processes;
using CriGuard.Store.BreakGlass;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Daemon;

/// <summary>The composition root: all parts of the daemon, made once, started and stopped in order.</summary>
internal sealed class GuardDaemon : IDisposable
{
    /// <summary>Code of the start, of the compiler and of rare calls is given back so often; what is used comes back within a millisecond in all.</summary>
    private static readonly TimeSpan CodeReleasePeriod = TimeSpan.FromSeconds(20);

    /// <summary>The part of the drain that calls get which were begun in it. Nothing is accepted meanwhile: with the next start it must stay below 5 s.</summary>
    private const int LastDrain = 5;

    /// <summary>For calls that were cut to come to their end.</summary>
    private static readonly TimeSpan CallsEnd = TimeSpan.FromSeconds(5);

    private readonly DaemonOptions _options;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly SigningKey _key;
    private readonly EventLog _events;
    private readonly CurrentPolicy _policy;
    private readonly HandlerWatch _handlers;
    private readonly PolicyWatch _watch;
    private readonly RuntimeGate _runtime;
    private readonly RuntimeGate? _imageGate;
    private readonly ImageRelay? _images;
    private readonly RepeatedRefusals _repeated;
    private readonly RepeatedProbes _probes;
    private readonly StepUps _stepUps;
    private readonly StartedProcesses _started;
    private readonly BypassWatch _bypass;
    private readonly StatusReport _status;
    private readonly ContainerWatch _containers;
    private readonly UnusedProfiles _unused;
    private readonly LifeWatch? _lives;
    private readonly Proxy _proxy;
    private readonly ConnectionSet _connections = new();
    private readonly Unfinished _calls = new();

    /// <exception cref="StartException">The policy has errors.</exception>
    /// <exception cref="EventLogException">The event log cannot be opened.</exception>
    public GuardDaemon(DaemonOptions options, TimeProvider time, ILogger log)
    {
        _options = options;
        _time = time;
        _log = log;
        _policy = CurrentPolicy.Load(options.Policy);
        _key = SigningKey.Open(options.StateDirectory);
        _events = EventLog.Open(options.EventDirectory, new EventLogOptions { Node = options.Node, KeepBytes = options.LogBytes, KeepFor = options.LogAge, Key = _key, Time = time });
        _runtime = new RuntimeGate(options.Runtime);
        _imageGate = options.Image is null ? null : new RuntimeGate(options.Image);
        _images = options.Image is null ? null : new ImageRelay(options.Image);
        var questions = new RuntimeQuestions(_runtime, _imageGate ?? _runtime);
        _handlers = new HandlerWatch(_policy, questions, _events, options.Node, _time, log);
        _watch = new PolicyWatch(_policy, _handlers, _events, options.Node, _time, log);
        _stepUps = new StepUps(_policy, _events, options.Node, _time, log);
        _started = new StartedProcesses(questions, _stepUps, _events, options.Node, _time, log);
        _repeated = new RepeatedRefusals(_events, _time);
        _probes = new RepeatedProbes(_events, _time);
        var accounted = new AccountedContainers(options.EventDirectory);
        _containers = new ContainerWatch(questions, accounted, new UnlistedContainers(questions, options.Runtime.Path, _time), _stepUps, _events, options.Node, _time, log);
        _lives = options.Lives == TimeSpan.Zero ? null : new LifeWatch(questions, _events, options.EventDirectory, options.Node, StatusReport.Version, _time, log);
        var profiles = new SeccompFiles(options.StateDirectory, _time);
        _unused = new UnusedProfiles(questions, _policy, profiles, _time, log);
        var judge = new Judge(_policy, options.ToNodeFacts(), _time, questions, new HostPaths(new RuntimeMounts(options.Runtime).View, _time), profiles, accounted);
        _bypass = new BypassWatch(new BypassFile(options.StateDirectory), _events, options.Node, _time, log);
        var tally = new CallTally();
        _status = new StatusReport(options, _policy, _bypass, _connections, tally, _events, _time, log);
        _proxy = new Proxy(
            _runtime, _imageGate ?? _runtime, judge, profiles, new CallRecorder(_events, _repeated, _probes, options.Node, _time), accounted, _started, _lives, _stepUps, _bypass, tally, options.GoOnUnrecorded, log);
    }

    /// <summary>Serves until <paramref name="stop"/>, then drains.</summary>
    /// <param name="listening">The socket that the kubelet connects to.</param>
    /// <param name="stop">SIGTERM or Ctrl-C.</param>
    public async Task RunAsync(ListeningSocket listening, CancellationToken stop)
    {
        string revision = _policy.Snapshot.Revision;
        await RecordAsync(DaemonGap.Of(_events.Before, _time.GetUtcNow(), _options.Node));
        var started = Record(
            EventKinds.DaemonStarted,
            ("listen", _options.Listen.ToString()), ("runtime", _options.Runtime.ToString()), ("revision", revision), ("version", StatusReport.Version), ("logKey", _key.Fingerprint));
        bool recorded = await RecordAsync(started);
        Log.Started(_log, _options.Listen.ToString(), _options.Runtime.ToString(), revision, _options.Node);
        using var release = _time.CreateTimer(static _ => ReleaseMemory(), state: null, TimeSpan.Zero, CodeReleasePeriod);
        // Before the first call: a bypass outlives the daemon that it was opened for.
        _bypass.Look();
        var watching = Task.WhenAll(
            _watch.RunAsync(stop), _bypass.RunAsync(stop), _status.RunAsync(stop), _handlers.RunAsync(stop), _containers.RunAsync(_options.Reconcile, stop), _unused.RunAsync(stop),
            _lives?.RunAsync(_options.Lives, stop) ?? Task.CompletedTask, new LogUpkeep(_events, _time, _log).RunAsync(stop),
            recorded ? Task.CompletedTask : RecordLateAsync(started, stop));
        var listener = new Listener(listening, RelayOptions(), ServeAsync, _connections, _time, _log);
        using var hushed = new CancellationTokenSource();
        var accepting = listener.RunAsync(hushed.Token);
        await Task.WhenAny(accepting, Task.Delay(Timeout.InfiniteTimeSpan, _time, stop));
        Log.Draining(_log, _connections.Count, _options.Drain.TotalSeconds);
        // Clients are sent to new connections, on which they are served while old calls come to their end: a kubelet waits 5 s for one to be accepted.
        await _connections.DrainAsync(_options.Drain, _time);
        await hushed.CancelAsync();
        await accepting;
        listening.Dispose();
        await _connections.DrainAsync(_options.Drain / LastDrain, _time);
        await Task.WhenAny(_calls.DrainAsync(), Task.Delay(CallsEnd, _time, CancellationToken.None));
        await _started.DrainAsync();
        await watching;
        await _stepUps.DrainAsync();
        _repeated.Drain();
        _probes.Drain();
        await RecordAsync(Record(EventKinds.DaemonStopped));
        Log.Stopped(_log);
    }

    /// <summary>Reads the policy again, changed or not; with errors the one in force stays.</summary>
    public Task ReloadAsync() => _watch.ReloadAsync();

    public void Dispose()
    {
        _runtime.Dispose();
        _imageGate?.Dispose();
        _images?.Dispose();
        _watch.Dispose();
        _repeated.Dispose();
        _probes.Dispose();
        _stepUps.Dispose();
        _events.Dispose();
        _key.Dispose();
    }

    /// <summary>What a burst of pods has left in memory: garbage, then code that is not run any more.</summary>
    private static void ReleaseMemory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        CodePages.Release();
    }

    private RelayOptions RelayOptions() => new()
    {
        Dial = _options.Runtime.Dial,
        RuntimeName = _options.Runtime.ToString(),
        Lifts = _images is null ? LiftRules.IsLifted : LiftRules.IsLiftedOrImage,
        NeverEnds = MethodTable.NeverEnds,
        ConnectionFailed = cause => Log.ConnectionFailed(_log, cause.Message),
        HandlerFailed = (path, cause) => Log.CallFailed(_log, path, cause),
    };

    private Task ServeAsync(LiftedCall call, Caller caller) =>
        _images is not null && LiftRules.IsImage(call.Path) ? _images.ServeAsync(call) : _calls.TrackAsync(_proxy.ServeAsync(call, caller));

    /// <summary>A disk that is full must not keep the daemon from serving: what it serves then is told by each call, and by a gap later.</summary>
    private async Task<bool> RecordAsync(EventRecord? record)
    {
        try
        {
            if (record is not null)
                await _events.AppendAsync(record);
            return true;
        }
        catch (EventLogException e)
        {
            Log.DaemonNotRecorded(_log, record!.Kind, _options.GoOnUnrecorded ? "forwarded unrecorded" : "refused", e.Message);
            return false;
        }
    }

    /// <summary>Which policy decides since when must be on record, though late.</summary>
    private Task RecordLateAsync(EventRecord started, CancellationToken stop)
    {
        bool recorded = false;
        return Rounds.RunAsync(StatusReport.Period, _time, async () => recorded = recorded || await RecordAsync(started), stop);
    }

    private EventRecord Record(string kind, params ReadOnlySpan<(string Key, string Value)> details)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (key, value) in details)
            pairs.Add(new(key, value));
        return new EventRecord { Kind = kind, Time = _time.GetUtcNow(), Node = _options.Node, Details = [.. pairs] };
    }
}
