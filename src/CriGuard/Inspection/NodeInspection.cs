using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using CriGuard.Store.Events;

namespace CriGuard.Inspection;

/// <summary>Looks at the containers of the node: asks the runtime, the event log and the kernel, and touches nothing.</summary>
/// <param name="runtime">Only asked what it has.</param>
/// <param name="evidence">Where mounts lead, and what profiles say.</param>
/// <param name="eventDirectory">The log of the daemon.</param>
/// <param name="time">For what the node knows now.</param>
internal sealed class NodeInspection(RuntimeQuestions runtime, StartEvidence evidence, string eventDirectory, TimeProvider time)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    /// <summary>The containers that are meant, those of one pod together.</summary>
    /// <param name="subject">`namespace/name` of a pod, the name of a pod or a container, the beginning of an id; null for all.</param>
    /// <param name="cancelled">Ends when nobody waits any more.</param>
    /// <exception cref="CannotJudgeException">The runtime does not say what it has.</exception>
    public async Task<ImmutableArray<InspectedContainer>> LookAsync(string? subject, CancellationToken cancelled)
    {
        var sandboxes = (await runtime.SandboxesAsync(Service, cancelled)).ToDictionary(static s => s.Id, StringComparer.Ordinal);
        List<(PodIdentity Pod, Container Container)> meant =
        [
            .. Latest(await runtime.ContainersAsync(Service, sandboxId: "", cancelled))
                .Select(container => (Pod: SandboxReader.Identity(sandboxes.GetValueOrDefault(container.PodSandboxId)?.Metadata), Container: container))
                .Where(c => subject is null || IsMeant(subject, c.Pod, c.Container)),
        ];
        var (decisions, problem) = Recorded(meant.Select(static c => c.Container.Id));
        var found = ImmutableArray.CreateBuilder<InspectedContainer>();
        foreach (var (pod, container) in meant)
        {
            var inspected = new InspectedContainer { Pod = pod, Name = container.Metadata?.Name ?? "", Id = container.Id, State = StateOf(container.State) };
            if (await InspectAsync(inspected with { Decision = decisions.GetValueOrDefault(container.Id), Problem = problem }, container, cancelled) is { } seen)
                found.Add(seen);
        }

        return [.. found.OrderBy(static c => c.Pod.ToString(), StringComparer.Ordinal).ThenBy(static c => c.Name, StringComparer.Ordinal)];
    }

    /// <summary>Of each name in a sandbox the last attempt, ended or not.</summary>
    private static IEnumerable<Container> Latest(IEnumerable<Container> containers) => containers
        .GroupBy(static c => (c.PodSandboxId, c.Metadata?.Name)).Select(static same => same.MaxBy(static c => c.Metadata?.Attempt ?? 0)!);

    private static bool IsMeant(string subject, PodIdentity pod, Container container) =>
        subject == pod.ToString() || subject == pod.Name || subject == container.Metadata?.Name
        || container.Id.StartsWith(subject, StringComparison.Ordinal) || container.PodSandboxId.StartsWith(subject, StringComparison.Ordinal);

    /// <summary>What the log has of them, read once for all; else why it cannot be read.</summary>
    private (IReadOnlyDictionary<string, EventEntry> Decisions, string Problem) Recorded(IEnumerable<string> containerIds)
    {
        try
        {
            return (RecordedCreation.Decisions(eventDirectory, containerIds.ToHashSet(StringComparer.Ordinal)), "");
        }
        catch (EventLogException e)
        {
            return (ImmutableDictionary<string, EventEntry>.Empty, e.Message);
        }
    }

    private async Task<InspectedContainer?> InspectAsync(InspectedContainer inspected, Container container, CancellationToken cancelled)
    {
        try
        {
            var status = await runtime.ContainerAsync(Service, container.Id, cancelled);
            var facts = StartReader.Read(status, await runtime.SandboxAsync(Service, container.PodSandboxId, cancelled));
            return await InspectAsync(inspected, facts, StartReader.Pid(status), cancelled);
        }
        catch (CannotJudgeException e) when (e.Status.Code == StatusCode.NotFound)
        {
            // Containers go while they are looked at.
            return null;
        }
        catch (CannotJudgeException e)
        {
            return inspected with { Problem = e.Message };
        }
    }

    private async Task<InspectedContainer> InspectAsync(InspectedContainer inspected, StartFacts facts, int pid, CancellationToken cancelled)
    {
        inspected = inspected with { Handler = facts.Sandbox.RuntimeHandler };
        (var node, facts) = await evidence.CompleteAsync(KernelFacts.Node(new NodeFacts(), time.GetUtcNow(), new Caller(0, 0, "")), facts);
        if (facts.Spec is not { } spec)
            return inspected with { Problem = "the runtime does not tell its effective spec" };
        var process = inspected.State == "running" ? KernelFacts.Process(pid) : null;
        // Of one that still runs the number was its own all the time.
        if (process is not null && StartReader.Pid(await runtime.ContainerAsync(Service, inspected.Id, cancelled)) != process.Pid)
            process = null;
        return inspected with
        {
            Process = process,
            OfSpec = SpecDrift.Between(node, facts, spec),
            OfProcess = process is null ? [] : ProcessDrift.Between(spec, process),
            Rows = InspectedRows.Of(facts, spec, process, inspected.Decision),
        };
    }

    private static string StateOf(ContainerState state) => state switch
    {
        ContainerState.ContainerCreated => "created",
        ContainerState.ContainerRunning => "running",
        ContainerState.ContainerExited => "exited",
        _ => "unknown",
    };
}
