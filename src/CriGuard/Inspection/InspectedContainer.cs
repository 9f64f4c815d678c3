using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Core.Sandboxes;
using CriGuard.Core.Workloads;

namespace CriGuard.Inspection;

/// <summary>A container that is on the node: what was asked for, what was decided, what the runtime has, what the kernel says.</summary>
internal sealed record InspectedContainer
{
    public required PodIdentity Pod { get; init; }

    public required string Name { get; init; }

    public required string Id { get; init; }

    /// <summary>The handler of its sandbox; empty for the runtime's default.</summary>
    public string Handler { get; init; } = "";

    /// <summary>`created`, `running`, `exited` or `unknown`.</summary>
    public string State { get; init; } = "unknown";

    /// <summary>Its first process; null where it does not run, or has ended meanwhile.</summary>
    public ProcessFacts? Process { get; init; }

    /// <summary>The decision on its creation; null where this node's log has none.</summary>
    public EventEntry? Decision { get; init; }

    public ImmutableArray<InspectedRow> Rows { get; init; } = [];

    /// <summary>What the spec has that is weaker than what was asked for.</summary>
    public ImmutableArray<Deviation> OfSpec { get; init; } = [];

    /// <summary>What the process has that is weaker than its spec.</summary>
    public ImmutableArray<Deviation> OfProcess { get; init; } = [];

    /// <summary>Other processes inside of it that are weaker than any that it can start itself.</summary>
    public ImmutableArray<EnteredProcess> Entered { get; init; } = [];

    /// <summary>Set where the CRI does not list it: somebody made it through the runtime's own interface.</summary>
    public UnlistedContainer? Unlisted { get; init; }

    /// <summary>Why something cannot be told; empty where all can.</summary>
    public string Problem { get; init; } = "";

    public string NotApplied => Process is { } process ? Isolator.NotApplied(process) : "";

    public InspectionOutcome Outcome => Problem.Length > 0 && !IsWeaker ? InspectionOutcome.Unknown
        : Decision is null ? InspectionOutcome.NotJudged
        : IsWeaker ? InspectionOutcome.Differs
        : NotApplied.Length > 0 ? InspectionOutcome.Isolated
        : InspectionOutcome.Same;

    private bool IsWeaker => !OfSpec.IsEmpty || !OfProcess.IsEmpty || !Entered.IsEmpty;
}

/// <summary>A process inside a container that somebody entered it with.</summary>
/// <param name="Process">As the kernel says.</param>
/// <param name="Drift">What it has that the container's own processes cannot come to.</param>
internal sealed record EnteredProcess(ProcessFacts Process, ImmutableArray<Deviation> Drift);

/// <summary>One thing of a container, in the words of each that has a say; `-` where it has none.</summary>
internal sealed record InspectedRow(Aspect Aspect, string Name, string Asked, string Decided, string Spec, string Kernel);

/// <summary>How a container fares, the most important first.</summary>
internal enum InspectionOutcome
{
    /// <summary>Something is weaker than it was decided to be.</summary>
    Differs,

    /// <summary>It was there before the gate or came around it.</summary>
    NotJudged,

    /// <summary>It cannot be told.</summary>
    Unknown,

    /// <summary>What is inside holds, or not, behind a kernel of its own.</summary>
    Isolated,

    /// <summary>As it was decided, as far as the runtime and the kernel tell.</summary>
    Same,
}
