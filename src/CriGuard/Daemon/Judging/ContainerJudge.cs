using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>CreateContainer: facts from the request, and the sandbox as the runtime has it, not as the request sends it again.</summary>
internal sealed class ContainerJudge(RuntimeQuestions runtime)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<CreateContainerRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("CreateContainer");
        var sandbox = await runtime.SandboxAsync(call.Path, request.Message.PodSandboxId, call.Cancelled);
        var facts = ContainerReader.Read(request, sandbox);
        if (policy.NeedsImageNames || policy.NeedsImageUser)
            facts = facts with { Image = await runtime.ImageAsync(call.Path, facts.Image, call.Cancelled) };
        return new JudgedCall(
            Engine.Evaluate(policy, node, facts),
            new CallSubject { Pod = sandbox.Pod, SandboxId = sandbox.Id, ContainerName = facts.Name },
            changes => RequestPatcher.Apply(request, changes));
    }
}
