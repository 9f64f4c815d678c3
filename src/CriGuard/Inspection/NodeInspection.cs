using System.Collections.Immutable;
using CriGuard.Core.Enforcement;
using CriGuard.Core.Events;
using CriGuard.Core.Sandboxes;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using CriGuard.Linux.Processes;
using CriGuard.Store.Events;

namespace CriGuard.Inspection;

/// <summary>Looks at the containers of the node: asks the runtime, the event log and the kernel, and touches nothing.</summary>
/// <param name="runtime">Only asked what it has.</param>
/// <param name="evidence">Where mounts lead, and what profiles say.</param>
/// <param name="unlisted">Those that the runtime's list does not have.</param>
/// <param name="eventDirectory">The log of the daemon.</param>
/// <param name="time">For what the node knows now.</param>
internal sealed class NodeInspection(RuntimeQuestions runtime, StartEvidence evidence, UnlistedContainers unlisted, string eventDirectory, TimeProvider time)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    /// <summary>What enters a container is the runtime's own process at first, with all that the runtime has: a difference counts when it stays.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly ProcessTable _table = new();

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
                .Where(c => subject is null || IsMeant(subject, c.Pod, c.Container.Metadata?.Name ?? "", c.Container.Id, c.Container.PodSandboxId)),
        ];
        var (decisions, problem) = Recorded(meant.Select(static c => c.Container.Id));
        var found = ImmutableArray.CreateBuilder<InspectedContainer>();
        var processes = new ContainerProcesses(_table.Read());
        foreach (var (pod, container) in meant)
        {
            var inspected = new InspectedContainer { Pod = pod, Name = container.Metadata?.Name ?? "", Id = container.Id, State = StateOf(container.State) };
            if (await InspectAsync(inspected with { Decision = decisions.GetValueOrDefault(container.Id), Problem = problem }, container, processes, cancelled) is { } seen)
                found.Add(seen);
        }

        foreach (var (container, process) in await unlisted.FindAsync(cancelled))
        {
            var pod = SandboxReader.Identity(sandboxes.GetValueOrDefault(container.SandboxId)?.Metadata);
            if (subject is null || IsMeant(subject, pod, container.Id, container.Id, container.SandboxId))
                found.Add(new InspectedContainer { Pod = pod, Name = container.Id, Id = container.Id, State = "running", Process = process, Unlisted = container, Rows = InspectedRows.Of(process) });
        }

        return [.. found.OrderBy(static c => c.Pod.ToString(), StringComparer.Ordinal).ThenBy(static c => c.Name, StringComparer.Ordinal)];
    }

    /// <summary>Of each name in a sandbox the last attempt, ended or not.</summary>
    private static IEnumerable<Container> Latest(IEnumerable<Container> containers) => containers
        .GroupBy(static c => (c.PodSandboxId, c.Metadata?.Name)).Select(static same => same.MaxBy(static c => c.Metadata?.Attempt ?? 0)!);

    private static bool IsMeant(string subject, PodIdentity pod, string name, string id, string sandboxId) =>
        subject == pod.ToString() || subject == pod.Name || subject == name || id.StartsWith(subject, StringComparison.Ordinal) || sandboxId.StartsWith(subject, StringComparison.Ordinal);

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

    private async Task<InspectedContainer?> InspectAsync(InspectedContainer inspected, Container container, ContainerProcesses processes, CancellationToken cancelled)
    {
        try
        {
            var status = await runtime.ContainerAsync(Service, container.Id, cancelled);
            var facts = StartReader.Read(status, await runtime.SandboxAsync(Service, container.PodSandboxId, cancelled));
            return await InspectAsync(inspected, facts, StartReader.Pid(status), processes, cancelled);
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

    private async Task<InspectedContainer> InspectAsync(InspectedContainer inspected, StartFacts facts, int pid, ContainerProcesses processes, CancellationToken cancelled)
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
            Entered = process is null ? [] : await EnteredAsync(spec, process, [.. processes.Beside(inspected.Id, process.Pid)], cancelled),
            Rows = InspectedRows.Of(facts, spec, process, inspected.Decision),
        };
    }

    private async Task<ImmutableArray<EnteredProcess>> EnteredAsync(EffectiveSpec spec, ProcessFacts first, ImmutableArray<int> beside, CancellationToken cancelled)
    {
        var weaker = Weaker();
        if (weaker.IsEmpty)
            return [];
        await Task.Delay(Settle, time, cancelled);
        return [.. Weaker().Where(now => weaker.Any(then => then.Process.Pid == now.Process.Pid && then.Process.Started == now.Process.Started))];

        ImmutableArray<EnteredProcess> Weaker() =>
        [
            .. beside.Select(KernelFacts.Process).OfType<ProcessFacts>().Select(other => new EnteredProcess(other, ProcessDrift.Beside(spec, first, other)))
                .Where(static entered => !entered.Drift.IsEmpty),
        ];
    }

    private static string StateOf(ContainerState state) => state switch
    {
        ContainerState.ContainerCreated => "created",
        ContainerState.ContainerRunning => "running",
        ContainerState.ContainerExited => "exited",
        _ => "unknown",
    };
}
