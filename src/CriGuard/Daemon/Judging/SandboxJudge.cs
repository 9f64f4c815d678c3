using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>RunPodSandbox: facts from the request, the node's handlers where a rule routes.</summary>
internal sealed class SandboxJudge(RuntimeQuestions runtime)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<RunPodSandboxRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("RunPodSandbox");
        var facts = SandboxReader.Read(request);
        if (policy.NeedsHandlers(node, facts))
            node = node with { RuntimeHandlers = await runtime.HandlersAsync(call.Path, call.Cancelled) };
        return new JudgedCall(
            Engine.Evaluate(policy, node, facts),
            new CallSubject { Pod = facts.Pod, Details = [new("runtimeHandler", facts.RuntimeHandler)] },
            changes => RequestPatcher.Apply(request, changes));
    }
}
