using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;

namespace CriGuard.Daemon.Judging;

/// <summary>Calls that enter, resize, checkpoint or end a workload, and those whose meaning is not known.</summary>
internal sealed class AccessJudge(RuntimeQuestions runtime)
{
    private readonly SeenCommands _seen = new();

    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, string method, NodeFacts node)
    {
        if (!AccessReader.TryRead(call.Path, call.Message, out var request))
            throw CannotJudgeException.Unreadable(method);
        // Stopping or removing what is gone is no error in the CRI, so neither is not knowing whose it was.
        var facts = await runtime.FindAsync(call.Path, request.Facts, call.Cancelled);
        var before = ImmutableSortedDictionary<string, string>.Empty;
        if (facts is { Update: not null, ContainerId.Length: > 0 } || (policy.JudgesAccess && policy.NeedsPrivilege(facts)))
            (facts, before) = await runtime.LookAsync(call.Path, facts, call.Cancelled);
        if (facts is { Ends: false, Image: { } image } && policy is { JudgesAccess: true, NeedsImageNames: true })
            facts = facts with { Image = await runtime.ImageAsync(call.Path, image, call.Cancelled) };
        var verdict = Engine.Evaluate(policy, node, facts);
        // What probes run, they run again: a command that is new to its container may be somebody's (T-E2).
        bool? novel = facts.Method == "ExecSync" && request.Command is { } command ? _seen.IsNovel(facts.ContainerId, command, remember: !verdict.IsRefusal) : null;
        return new JudgedCall(verdict, Subject(facts, [.. AccessDetails.Of(facts, novel, before)]), _ => request.Forward)
        {
            MayGoUnrecorded = facts.Ends,
            Probe = facts.Method == "ExecSync" ? request.Command : null,
        };
    }

    private static CallSubject Subject(AccessFacts facts, ImmutableArray<KeyValuePair<string, string>> details) => new()
    {
        Pod = facts.Sandbox?.Pod,
        SandboxId = facts.Sandbox?.Id ?? facts.SandboxId,
        ContainerName = facts.ContainerName ?? "",
        ContainerId = facts.ContainerId,
        Details = details,
    };
}
