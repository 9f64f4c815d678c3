using System.Collections.Immutable;
using CriGuard.Core.Sandboxes;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Grpc.Calls;
using CriGuard.Linux.Processes;

namespace CriGuard.Sandboxes;

/// <summary>The pods of the node beside what really isolates them.</summary>
/// <param name="runtime">Only asked what it has.</param>
/// <param name="decisions">Of the log, by sandbox id.</param>
internal sealed class NodeSandboxes(RuntimeQuestions runtime, ImmutableDictionary<string, SandboxDecision> decisions)
{
    private const string Service = RuntimeQuestions.OfOurOwn;

    private readonly ProcessTable _table = new();

    /// <summary>All pods whose sandbox runs, by namespace and name.</summary>
    /// <exception cref="CannotJudgeException">The runtime does not say what it has.</exception>
    public async Task<IReadOnlyList<RunningSandbox>> ReadAsync(CancellationToken cancelled)
    {
        var found = new List<(PodSandbox Sandbox, int Pid)>();
        foreach (var sandbox in await runtime.SandboxesAsync(Service, cancelled))
        {
            if (sandbox.State == PodSandboxState.SandboxReady && await PidAsync(sandbox.Id, cancelled) is { } pid)
                found.Add((sandbox, pid));
        }

        // After the runtime was asked, so that the processes that it names are there.
        var processes = _table.Read();
        return
        [
            .. found.Select(f => Read(f.Sandbox, SandboxRuntime.Of(processes, f.Sandbox.Id, f.Pid)))
                .OrderBy(static s => s.Pod.Namespace, StringComparer.Ordinal).ThenBy(static s => s.Pod.Name, StringComparer.Ordinal),
        ];
    }

    private RunningSandbox Read(PodSandbox sandbox, SandboxRuntime seen) => new(
        SandboxReader.Identity(sandbox.Metadata), sandbox.Id, sandbox.RuntimeHandler)
    {
        Decision = decisions.GetValueOrDefault(sandbox.Id),
        Runtime = seen,
        Memory = seen.Processes.Select(_table.ReadMemory).Aggregate(default(ProcessMemory), static (all, one) => all + one),
    };

    /// <summary>Null where it is gone since it was listed.</summary>
    private async Task<int?> PidAsync(string id, CancellationToken cancelled)
    {
        try
        {
            return SandboxPid.Read(await runtime.SandboxStatusAsync(Service, id, cancelled));
        }
        catch (CannotJudgeException e) when (e.Status.Code == StatusCode.NotFound)
        {
            return null;
        }
    }
}
