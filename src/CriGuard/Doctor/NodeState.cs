using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Cri.Facts;
using CriGuard.Daemon;
using CriGuard.Linux;
using CriGuard.Store.Events;
using CriGuard.Store.Status;

namespace CriGuard.Doctor;

/// <summary>All that a node was asked for, of one moment; the checks only think about it.</summary>
internal sealed record NodeState
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>Of the program that looks.</summary>
    public required string Version { get; init; }

    /// <summary>What the daemon is told.</summary>
    public required DaemonOptions Options { get; init; }

    /// <summary>What the daemon last said; null where none runs.</summary>
    public DaemonStatus? Status { get; init; }

    public GateFiles Files { get; init; } = new();

    /// <summary>The files as they are now.</summary>
    public required PolicyReading Policy { get; init; }

    public LogState Log { get; init; } = new();

    public RunningKubelet? Kubelet { get; init; }

    /// <summary>Processes at the sockets, by the kernel's account.</summary>
    public Connections Connections { get; init; } = new();

    /// <summary>Null where it does not answer.</summary>
    public RuntimeState? Runtime { get; init; }

    public HostState Host { get; init; } = new();
}

/// <summary>The files that the gate hangs on.</summary>
internal sealed record GateFiles
{
    public FileAccessState Listen { get; init; } = new();

    public FileAccessState Runtime { get; init; } = new();

    public FileAccessState State { get; init; } = new();
}

/// <summary>Who may do something to a file.</summary>
/// <param name="Stat">Null where it is not there.</param>
/// <param name="OpenParent">The first directory above it that others than root may write; empty where there is none. One with the sticky bit is none.</param>
internal sealed record FileAccessState(FileStat? Stat = null, string OpenParent = "");

/// <summary>The event log.</summary>
/// <param name="Proof">Null where it cannot be read.</param>
/// <param name="Problem">Why it cannot.</param>
/// <param name="FreeBytes">Of its file system; null where that cannot be told.</param>
internal sealed record LogState(LogProof? Proof = null, string Problem = "", long? FreeBytes = null);

/// <summary>Process ids at the far ends of both sockets; null where that cannot be told.</summary>
/// <param name="Listen">Of the daemon's.</param>
/// <param name="Runtime">Of the runtime's.</param>
/// <param name="Executables">Of those processes.</param>
internal sealed record Connections(
    ImmutableSortedSet<int>? Listen = null, ImmutableSortedSet<int>? Runtime = null, IReadOnlyDictionary<int, string>? Executables = null);

/// <summary>What the runtime says of itself.</summary>
/// <param name="Name">With its version.</param>
/// <param name="Handlers">Null where it does not tell.</param>
/// <param name="Settings">Null where it does not tell.</param>
internal sealed record RuntimeState(string Name, ImmutableSortedSet<string>? Handlers = null, RuntimeSettings? Settings = null);

/// <summary>What else has a hand in containers, or lets one out.</summary>
internal sealed record HostState
{
    /// <summary>Profiles in enforce mode; null where AppArmor is off.</summary>
    public ImmutableSortedSet<string>? AppArmor { get; init; }

    /// <summary>Plugins of NRI: files that the runtime starts, and processes that have connected to it.</summary>
    public ImmutableArray<string> NriPlugins { get; init; } = [];

    /// <summary>OCI hooks that CRI-O takes.</summary>
    public ImmutableArray<string> HookFiles { get; init; } = [];

    public ImmutableArray<string> CdiFiles { get; init; } = [];

    /// <summary>Modules of our list that modprobe would load.</summary>
    public ImmutableArray<string> LoadableModules { get; init; } = [];

    /// <summary>`kernel.modules_disabled`.</summary>
    public bool ModulesDisabled { get; init; }

    /// <summary>Null where it cannot be told.</summary>
    public bool? ClockIsSynchronised { get; init; }
}
