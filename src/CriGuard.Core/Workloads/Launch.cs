using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What a container's first process is, and how much of it the request did not say (T-I4). Arguments and values hold secrets: none is kept.</summary>
public sealed record Launch
{
    public static Launch Unknown { get; } = new();

    /// <summary>First word of `process.args`.</summary>
    public string Executable { get; init; } = "";

    /// <summary>Words behind it.</summary>
    public int Arguments { get; init; }

    /// <summary>True where the request names no command, so that the image's entry point is run; null where the request is not known.</summary>
    public bool? FromImage { get; init; }

    /// <summary>True where the request names what to run and something else is run.</summary>
    public bool Replaced { get; init; }

    /// <summary>Names in the environment that are not in the request: the image's, and the runtime's own; empty where the request is not known.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Names whose value is not the one asked for.</summary>
    public ImmutableArray<string> Overridden { get; init; } = [];
}
