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
