using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using CriGuard.Store.Events;

namespace CriGuard.Daemon;

/// <summary>Writes the events of calls.</summary>
internal sealed class CallRecorder(EventLog log, RepeatedRefusals repeated, RepeatedProbes probes, string node, TimeProvider time)
{
    private const int CallIdBytes = 8;

    public CallEntry Begin(string path, Caller caller)
    {
        long began = time.GetTimestamp();
        string call = RandomNumberGenerator.GetHexString(CallIdBytes * 2, lowercase: true);
        return new CallEntry(log, repeated, probes, () => new EventRecord
        {
            Kind = EventKinds.CallDecided,
            Time = time.GetUtcNow(),
            Node = node,
            Method = path.TrimStart('/'),
            CallId = call,
            Caller = caller,
            Duration = time.GetElapsedTime(began),
        });
    }
}

/// <summary>The events of one call: what was decided, then what the runtime answered.</summary>
internal sealed class CallEntry(EventLog log, RepeatedRefusals repeated, RepeatedProbes probes, Func<EventRecord> blank)
{
    private ImmutableArray<KeyValuePair<string, string>> _learnt = [];
    private RunProbe? _probe;

    public CallSubject Subject { get; set; } = new();

    /// <summary>Pod for messages: `namespace/name`, or empty.</summary>
    public string Pod => Subject.Pod?.ToString() ?? "";

    /// <summary>Completes when the permit's decision is on disk: by itself, or as one more of a probe that is.</summary>
    /// <param name="verdict">The decision.</param>
    /// <param name="command">Digest of a command that may be a probe; null for all else.</param>
    /// <exception cref="EventLogException">It cannot be written.</exception>
    public async ValueTask PermittedAsync(Verdict verdict, UInt128? command)
    {
        var record = Filled() with { Verdict = verdict };
        var probe = command is { } digest ? probes.Run(record, digest) : null;
        if (probe is not { IsCounted: true })
        {
            repeated.Settle(record);
            await log.AppendAsync(record);
        }

        _probe = probe;
    }

    /// <summary>Completes when the refusal is on disk, by itself or as one more of those that are: then the result is false.</summary>
    /// <exception cref="EventLogException">It cannot be written.</exception>
    public async ValueTask<bool> RefusedAsync(Verdict verdict)
    {
        var record = Filled() with { Verdict = verdict };
        if (repeated.TryCount(record))
            return false;
        repeated.Settle(record);
        await repeated.RecordAsync(record);
        return true;
    }

    /// <summary>Completes when it is on disk that the call could not be decided and why.</summary>
    /// <exception cref="EventLogException">It cannot be written.</exception>
    public ValueTask UndecidedAsync(GrpcStatus status) =>
        log.AppendAsync(Filled() with { Kind = EventKinds.CallUndecided, Answer = new RuntimeAnswer((int)status.Code, status.Message) });

    /// <summary>Records the runtime's answer and learns the new ids from it; does not hold the call.</summary>
    /// <returns>Ids of the containers that it made.</returns>
    public IReadOnlyCollection<string> Answered(ForwardOutcome outcome)
    {
        var record = Filled();
        IReadOnlyCollection<string> made = outcome.Status.IsOk ? Learn(record.Method, outcome) : [];
        var answered = record with
        {
            Kind = EventKinds.CallAnswered,
            SandboxId = Subject.SandboxId,
            ContainerId = Subject.ContainerId,
            Details = _learnt,
            Answer = new RuntimeAnswer((int)outcome.Status.Code, outcome.Status.Message),
        };
        if (_probe is null)
            log.Append(answered);
        else
            probes.Answered(_probe, answered);
        return made;
    }

    private ImmutableArray<string> Learn(string method, ForwardOutcome outcome)
    {
        var reply = outcome.FirstMessage;
        if (method.EndsWith("/RunPodSandbox", StringComparison.Ordinal) && Received.TryParseMessage<RunPodSandboxResponse>(reply.Span, out var run))
            Subject = Subject with { SandboxId = run.PodSandboxId };
        else if (method.EndsWith("/CreateContainer", StringComparison.Ordinal) && Received.TryParseMessage<CreateContainerResponse>(reply.Span, out var created))
            Subject = Subject with { ContainerId = created.ContainerId };
        else if (method.EndsWith("/PullImage", StringComparison.Ordinal) && Received.TryParseMessage<PullImageResponse>(reply.Span, out var pulled))
            _learnt = [new("imageRef", pulled.ImageRef)];
        else if (method.EndsWith("/ExecSync", StringComparison.Ordinal) && !outcome.IsLeftOut && ExecReader.ExitCode(reply.Span) is { } code)
            _learnt = [new(ProbeTally.ExitCodeDetail, code.ToString(CultureInfo.InvariantCulture))];
        else if (method.EndsWith("/RestorePod", StringComparison.Ordinal) && Received.TryParseMessage<RestorePodResponse>(reply.Span, out var restored))
        {
            Subject = Subject with { SandboxId = restored.PodSandboxId };
            _learnt = [.. restored.RestoredContainers.Select(static r => KeyValuePair.Create($"container.{r.Name}", r.ContainerId))];
            return [.. restored.RestoredContainers.Select(static r => r.ContainerId)];
        }

        return Subject.ContainerId.Length > 0 ? [Subject.ContainerId] : [];
    }

    private EventRecord Filled() => blank() with
    {
        Pod = Subject.Pod,
        SandboxId = Subject.SandboxId,
        ContainerName = Subject.ContainerName,
        ContainerId = Subject.ContainerId,
        Details = Subject.Details,
    };
}
