using CriGuard.Core.Enforcement;
using CriGuard.Core.Sandboxes;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon.Judging;
using CriGuard.Linux;
using CriGuard.Linux.Processes;

namespace CriGuard.Daemon;

/// <summary>Containers that somebody made through the runtime's own interface: no list of the CRI has them, the process tree does (T-Q2).</summary>
/// <param name="runtime">Asked what the CRI lists.</param>
/// <param name="socket">Of the runtime; its shims may know it by another path.</param>
/// <param name="time">For the second look.</param>
internal sealed class UnlistedContainers(RuntimeQuestions runtime, string socket, TimeProvider time)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    /// <summary>What the runtime starts or ends is in no list for a moment: a container counts when it stays.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(1);

    private readonly ProcessTable _table = new();

    /// <exception cref="CannotJudgeException">The runtime does not say what it has.</exception>
    public async Task<IReadOnlyList<(UnlistedContainer Container, ProcessFacts Process)>> FindAsync(CancellationToken cancelled)
    {
        var found = await LookAsync(cancelled);
        if (found.Count == 0)
            return found;
        await Task.Delay(Settle, time, cancelled);
        return [.. (await LookAsync(cancelled)).Where(now => found.Any(then => then.Process.Pid == now.Process.Pid && then.Process.Started == now.Process.Started))];
    }

    private async Task<IReadOnlyList<(UnlistedContainer Container, ProcessFacts Process)>> LookAsync(CancellationToken cancelled)
    {
        var processes = new ContainerProcesses(_table.Read());
        var sockets = processes.Sockets.Where(other => other == socket || (FileIdentity.Of(other) is { } there && there == FileIdentity.Of(socket))).ToHashSet(StringComparer.Ordinal);
        if (sockets.Count == 0)
            return [];
        var listed = (await runtime.SandboxesAsync(Service, cancelled)).Select(static s => s.Id)
            .Concat((await runtime.ContainersAsync(Service, sandboxId: "", cancelled)).Where(static c => c.State != ContainerState.ContainerExited).Select(static c => c.Id))
            .ToHashSet(StringComparer.Ordinal);
        return
        [
            .. processes.Unlisted(sockets, listed).Select(static container => (Container: container, Process: KernelFacts.Process(container.Pid)!))
                // In a listed pod a sentry is the runtime's own.
                .Where(static found => found.Process is not null && (found.Container.SandboxId.Length == 0 || !Isolator.Is(found.Process))),
        ];
    }
}
