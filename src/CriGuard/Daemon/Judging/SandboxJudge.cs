using CriGuard.Core.Policy;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Grpc.Relay;

namespace CriGuard.Daemon.Judging;

/// <summary>RunPodSandbox: facts from the request, the node's handlers where a rule routes.</summary>
internal sealed class SandboxJudge(RuntimeQuestions runtime)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, LiftedCall call)
    {
        if (!Received.TryParse<RunPodSandboxRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("RunPodSandbox");
        var facts = SandboxReader.Read(request);
        var nodeFacts = KernelFacts.Node();
        if (policy.NeedsHandlers(facts))
            nodeFacts = nodeFacts with { RuntimeHandlers = await runtime.HandlersAsync(call.Path, call.Cancelled) };
        return new JudgedCall(
            Engine.Evaluate(policy, nodeFacts, facts),
            new CallSubject { Pod = facts.Pod },
            changes => RequestPatcher.Apply(request, changes));
    }
}
