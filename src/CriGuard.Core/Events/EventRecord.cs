using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Events;

/// <summary>What happened, without its place in the log (sequence and hash of the line before are given when it is appended).</summary>
public sealed record EventRecord
{
    /// <summary>One of <see cref="EventKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>UTC, written with microseconds.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Name of the node.</summary>
    public required string Node { get; init; }

    /// <summary>Method with service: `runtime.v1.RuntimeService/CreateContainer`; empty for events that are no call.</summary>
    public string Method { get; init; } = "";

    /// <summary>Joins the events of one call; empty for events that are no call.</summary>
    public string CallId { get; init; } = "";

    public PodIdentity? Pod { get; init; }

    public string SandboxId { get; init; } = "";

    public string ContainerName { get; init; } = "";

    public string ContainerId { get; init; } = "";

    /// <summary>The decision; null for events without one.</summary>
    public Verdict? Verdict { get; init; }

    public Caller? Caller { get; init; }

    /// <summary>What the runtime answered; null before it did.</summary>
    public RuntimeAnswer? Answer { get; init; }

    /// <summary>From the call's arrival to this event; null for events that are no call.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>Further facts of this kind of event, in order: `executable`, `arguments`, `seccomp` …</summary>
    public ImmutableArray<KeyValuePair<string, string>> Details { get; init; } = [];
}

/// <summary>Who made a call: read from the kernel once per connection (SO_PEERCRED, `/proc/PID/exe`).</summary>
/// <param name="Pid">Process id in our pid namespace; 0 where it is not visible.</param>
/// <param name="Uid">User id.</param>
/// <param name="Executable">Path of the executable; empty where it could not be read.</param>
public sealed record Caller(int Pid, uint Uid, string Executable);

/// <summary>The runtime's answer to a forwarded call.</summary>
/// <param name="Code">gRPC status code.</param>
/// <param name="Message">gRPC status message; empty for OK.</param>
public sealed record RuntimeAnswer(int Code, string Message);

/// <summary>The kinds of events.</summary>
public static class EventKinds
{
    /// <summary>A judged or recorded call was decided; on disk before the call goes on.</summary>
    public const string CallDecided = "call.decided";

    /// <summary>A call could not be decided (a message that cannot be read, a runtime that does not tell) and was answered with the status in `answer`.</summary>
    public const string CallUndecided = "call.undecided";

    /// <summary>A refusal that is on record came again, so many times; each of them was answered like the first.</summary>
    public const string CallRepeated = "call.repeated";

    /// <summary>The runtime answered a call that was let through.</summary>
    public const string CallAnswered = "call.answered";

    /// <summary>What the kernel says of a container's process after its start.</summary>
    public const string ProcessObserved = "process.observed";

    /// <summary>The runtime has a container that was not created through here, or before there was a log; once for each, and once a daemon for what the CRI does not list.</summary>
    public const string ContainerUnaccounted = "container.unaccounted";

    public const string PolicyLoaded = "policy.loaded";

    public const string PolicyRefused = "policy.refused";

    /// <summary>Root has opened a bypass, or a daemon has found it open at its start: from here on the policy decides nothing.</summary>
    public const string BypassOpened = "bypass.opened";

    /// <summary>The policy decides again.</summary>
    public const string BypassClosed = "bypass.closed";

    /// <summary>The runtime does not offer a handler that enforced rules need; the pods that need it are refused.</summary>
    public const string HandlerMissing = "handler.missing";

    /// <summary>A handler that was missing is offered again.</summary>
    public const string HandlerBack = "handler.back";

    public const string DaemonStarted = "daemon.started";

    public const string DaemonStopped = "daemon.stopped";

    /// <summary>The last line was torn by a crash: it was cut off, and this event says how many bytes.</summary>
    public const string LogRepaired = "log.repaired";

    /// <summary>Events are missing in front of this one, lost by a write that failed or taken away: it says how many and why.</summary>
    public const string LogGap = "log.gap";
}
