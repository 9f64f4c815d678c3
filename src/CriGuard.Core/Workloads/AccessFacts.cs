namespace CriGuard.Core.Workloads;

/// <summary>A call that enters or ends a workload, or whose meaning is not known: exec, attach, port-forward, stop, remove, unknown methods.</summary>
public sealed record AccessFacts
{
    /// <summary>Method name without service: `ExecSync`.</summary>
    public required string Method { get; init; }

    /// <summary>True where the method is in no table of CRI methods that this build knows.</summary>
    public required bool Unknown { get; init; }

    /// <summary>True where all it can do is to end a workload or to clear it away: stop and remove.</summary>
    public bool Ends { get; init; }

    public string SandboxId { get; init; } = "";

    public string ContainerId { get; init; } = "";

    /// <summary>First word of the command; the rest may hold secrets and is not kept (kubernetes#97795).</summary>
    public string Executable { get; init; } = "";

    public int Arguments { get; init; }

    public bool Tty { get; init; }

    public bool Stdin { get; init; }
}
