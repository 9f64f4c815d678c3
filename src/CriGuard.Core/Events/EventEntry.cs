using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Events;

/// <summary>One line of the log as it is read back; what the line left out is empty or null.</summary>
public sealed record EventEntry
{
    /// <summary>Place of the line in the chain.</summary>
    public required LineLink Link { get; init; }

    /// <summary>UTC, microseconds.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Node { get; init; }

    /// <summary>One of <see cref="EventKinds"/>, or a kind that a newer build wrote.</summary>
    public required string Kind { get; init; }

    public string Method { get; init; } = "";

    public string CallId { get; init; } = "";

    public PodIdentity? Pod { get; init; }

    public string SandboxId { get; init; } = "";

    public string ContainerName { get; init; } = "";

    public string ContainerId { get; init; } = "";

    /// <summary>One of <see cref="EventVerdicts"/>; empty for events without a decision.</summary>
    public string Verdict { get; init; } = "";

    public ImmutableArray<FindingEntry> Findings { get; init; } = [];

    public ImmutableArray<ChangeEntry> Changes { get; init; } = [];

    public string Revision { get; init; } = "";

    public Caller? Caller { get; init; }

    public RuntimeAnswer? Answer { get; init; }

    public TimeSpan? Duration { get; init; }

    public ImmutableArray<KeyValuePair<string, string>> Details { get; init; } = [];
}

/// <summary>A finding as the line writes it.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Control">Name of the control as the policy document writes it.</param>
/// <param name="Mode">`enforce` or `audit`.</param>
/// <param name="Effect">`report`, `change` or `refuse`.</param>
/// <param name="Field">Path in the request.</param>
/// <param name="Message">What is asked and why it is not allowed.</param>
/// <param name="Remedy">What the owner of the workload changes; may be empty.</param>
public sealed record FindingEntry(string Rule, string Control, string Mode, string Effect, string Field, string Message, string Remedy);

/// <summary>A change of a request as the line writes it.</summary>
/// <param name="Rule">Name of the rule.</param>
/// <param name="Control">Name of the control as the policy document writes it.</param>
/// <param name="Field">Path in the request.</param>
/// <param name="Before">Value asked for.</param>
/// <param name="After">Value given.</param>
public sealed record ChangeEntry(string Rule, string Control, string Field, string Before, string After);

/// <summary>The two words for a decision.</summary>
public static class EventVerdicts
{
    public const string Permit = "permit";

    public const string Refuse = "refuse";
}
