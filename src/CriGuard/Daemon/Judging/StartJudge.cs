using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>StartContainer: the spec that the runtime will really start, against what the policy demands (T-C6, T-C8).</summary>
internal sealed class StartJudge(RuntimeQuestions runtime, HostPaths paths, AccountedContainers? accounted)
{
    private readonly StartEvidence _evidence = new(paths);

    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<StartContainerRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("StartContainer");
        string id = request.Message.ContainerId;
        var created = await runtime.ContainerAsync(call.Path, id, call.Cancelled);
        string sandboxId = await runtime.SandboxIdAsync(call.Path, id, created, call.Cancelled);
        var sandbox = await runtime.SandboxAsync(call.Path, sandboxId, call.Cancelled);
        var facts = StartReader.Read(created, sandbox) with
        {
            // A replay has no log: it asks what the rules say of a container that was created as any other.
            Accounted = accounted is null ? true : await accounted.HasAsync(created.Status?.Id ?? id, sandbox.Id, call.Cancelled),
        };
        if (policy.NeedsImageNames)
            facts = facts with { Image = await runtime.ImageAsync(call.Path, facts.Image, call.Cancelled) };
        (node, facts) = await _evidence.CompleteAsync(node, facts);
        return new JudgedCall(
            Engine.Evaluate(policy, node, facts),
            new CallSubject
            {
                Pod = sandbox.Pod,
                SandboxId = sandbox.Id,
                ContainerName = facts.ContainerName,
                ContainerId = created.Status?.Id ?? id,
                Details = [.. StartDetails.Of(facts)],
            },
            _ => RequestPatcher.Apply(request));
    }
}
