using System.Net.Sockets;

namespace CriGuard.Grpc.Relay;

/// <summary>Where a relay leads, which calls it lifts, and the bounds that a client must keep to.</summary>
public sealed record RelayOptions
{
    /// <summary>A fresh connection to the runtime; throws <see cref="SocketException"/> when there is none to be had.</summary>
    public required Func<Socket> Dial { get; init; }

    /// <summary>How messages name the runtime: its endpoint, as <c>unix:///run/containerd/containerd.sock</c>.</summary>
    public required string RuntimeName { get; init; }

    public required LiftTest Lifts { get; init; }

    /// <summary>Relayed calls that go on until one side leaves: a drain ends them with UNAVAILABLE, so that it need not wait for its bound.</summary>
    public LiftTest NeverEnds { get; init; } = static _ => false;

    /// <summary>Octets of the largest request message of a lifted call; RESOURCE_EXHAUSTED above. Default: 64 MiB and a little.</summary>
    public int MaxRequestMessage { get; init; } = (64 * 1024 * 1024) + (64 * 1024);

    /// <summary>Octets of a request's header list as RFC 9113 section 6.5.2 counts them; RESOURCE_EXHAUSTED above.</summary>
    public int MaxHeaderList { get; init; } = 64 * 1024;

    /// <summary>CONTINUATION frames of one header block; ENHANCE_YOUR_CALM above.</summary>
    public int MaxContinuations { get; init; } = 32;

    /// <summary>
    /// Streams open at a time on one connection; REFUSED_STREAM above. Servers made with grpc-go have no such limit, so it is high.
    /// </summary>
    public int MaxStreams { get; init; } = 10_000;

    /// <summary>Octets of headers and requests of lifted calls in memory at a time for one connection; RESOURCE_EXHAUSTED above.</summary>
    public long MaxCollectedPerConnection { get; init; } = 256L * 1024 * 1024;

    /// <summary>The bound for all connections that share it; RESOURCE_EXHAUSTED above. Default: 512 MiB.</summary>
    public CollectedOctets Collected { get; init; } = new(512L * 1024 * 1024);

    /// <summary>
    /// Octets of runtime replies held for a client whose connection window lifted replies have used up; above, the runtime is not read on.
    /// </summary>
    public int MaxHeld { get; init; } = 4 * 1024 * 1024;

    /// <summary>
    /// Streams that a client may reset in a burst, which comes back at <see cref="ResetsPerSecond"/>; ENHANCE_YOUR_CALM above (CVE-2023-44487).
    /// </summary>
    public int ResetBurst { get; init; } = 2_000;

    /// <inheritdoc cref="ResetBurst"/>
    public int ResetsPerSecond { get; init; } = 500;

    /// <summary>SETTINGS that the runtime has not acknowledged yet; ENHANCE_YOUR_CALM above.</summary>
    public int MaxUnacknowledgedSettings { get; init; } = 100;

    /// <summary>Frames of a lifted request that carry neither content nor its end; ENHANCE_YOUR_CALM above.</summary>
    public int MaxEmptyFrames { get; init; } = 1_000;

    /// <summary>Time for a client to show its preface; a connection without one is closed.</summary>
    public TimeSpan PrefaceTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time for a client to close a connection that has nothing open after GOAWAY; then it is closed for it.</summary>
    public TimeSpan FarewellTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The clock of deadlines and of the reset budget.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Told of a fault of the relay itself; the connection has ended with INTERNAL_ERROR.</summary>
    public Action<Exception>? ConnectionFailed { get; init; }

    /// <summary>Told of every exception of a handler, with the call's path; the client has INTERNAL already.</summary>
    public Action<string, Exception>? HandlerFailed { get; init; }
}
