using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What a path of the node is once all its links are followed.</summary>
public enum HostFileKind
{
    /// <summary>It cannot be said: it did not answer in time, or it is no path that can be followed.</summary>
    Unknown,

    /// <summary>Nothing is there: both runtimes make a directory, as root.</summary>
    Missing,
    Directory,
    File,
    Socket,
    Device,
    Other,
}

/// <summary>Where a path of the node leads, as the kernel says.</summary>
/// <param name="Kind">What is there.</param>
/// <param name="Path">Its real path, without links; where <paramref name="Kind"/> is unknown the path as it was sent.</param>
public sealed record HostTarget(HostFileKind Kind, string Path)
{
    /// <summary>Other paths of the same file by other mounts of its file system: of a bind mount they are its source (T-M3).</summary>
    public ImmutableArray<string> Aliases { get; init; } = [];

    /// <summary>Why it is not known; empty where it is.</summary>
    public string Problem { get; init; } = "";

    public static HostTarget Unknown(string path, string problem) => new(HostFileKind.Unknown, path) { Problem = problem };
}
