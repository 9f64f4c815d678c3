using System.Collections.Immutable;
using System.Runtime.InteropServices;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Sandboxes;

/// <summary>A pod of the node: what was asked for it, what was decided, and what there is.</summary>
/// <param name="Pod">The pod.</param>
/// <param name="Id">The runtime's id of its sandbox.</param>
/// <param name="Handler">Under which the runtime runs it; empty for its default.</param>
public sealed record RunningSandbox(PodIdentity Pod, string Id, string Handler)
{
    /// <summary>Null where the log does not have it.</summary>
    public SandboxDecision? Decision { get; init; }

    public SandboxRuntime Runtime { get; init; } = SandboxRuntime.Unknown;

    /// <summary>Of the runtime's own processes; a sentry's and a machine's hold the workload's memory too.</summary>
    public ProcessMemory Memory { get; init; }

    /// <summary>True where the processes show less isolation than was decided.</summary>
    public bool IsWeaker => Decision?.Level is { } decided && Runtime.Level is { } actual && actual < decided;
}

/// <summary>What the log has of a sandbox's RunPodSandbox.</summary>
/// <param name="Requested">The handler that the pod asked for; empty for the runtime's default.</param>
/// <param name="Level">What it was run with; null where the policy knew no level of its handler.</param>
/// <param name="Rule">The rule that changed the handler; empty where the pod kept its own.</param>
public sealed record SandboxDecision(string Requested, IsolationLevel? Level, string Rule);

/// <summary>Memory of processes, in bytes.</summary>
/// <param name="Resident">Pages in memory, shared ones counted whole for each.</param>
/// <param name="Proportional">The same with each shared page divided among those that share it.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ProcessMemory(long Resident, long Proportional)
{
    public static ProcessMemory operator +(ProcessMemory left, ProcessMemory right) => new(left.Resident + right.Resident, left.Proportional + right.Proportional);
}

/// <summary>Reads decisions on sandboxes out of the log.</summary>
public static class SandboxDecisions
{
    /// <summary>By sandbox id.</summary>
    /// <param name="entries">The log's, in order.</param>
    public static ImmutableDictionary<string, SandboxDecision> Of(IEnumerable<Events.EventEntry> entries)
    {
        var (decided, found) = (new Dictionary<string, SandboxDecision>(StringComparer.Ordinal), ImmutableDictionary.CreateBuilder<string, SandboxDecision>(StringComparer.Ordinal));
        foreach (var entry in entries.Where(static e => e.Method.EndsWith("/RunPodSandbox", StringComparison.Ordinal)))
        {
            if (entry is { Kind: Events.EventKinds.CallDecided, Verdict: Events.EventVerdicts.Permit })
                decided[entry.CallId] = Read(entry);
            else if (entry is { Kind: Events.EventKinds.CallAnswered, Answer.Code: 0 } && decided.Remove(entry.CallId, out var decision))
                found[entry.SandboxId] = decision;
        }

        return found.ToImmutable();
    }

    private static SandboxDecision Read(Events.EventEntry entry) => new(
        Detail(entry, "runtimeHandler"),
        Enum.TryParse<IsolationLevel>(Detail(entry, "level"), ignoreCase: true, out var level) ? level : null,
        entry.Changes.FirstOrDefault(static c => c.Control == "sandbox")?.Rule ?? "");

    private static string Detail(Events.EventEntry entry, string key) => entry.Details.FirstOrDefault(d => d.Key == key).Value ?? "";
}
