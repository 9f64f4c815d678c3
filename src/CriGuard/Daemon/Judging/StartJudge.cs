using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>StartContainer: the spec that the runtime will really start, against what the policy demands (T-C6, T-C8).</summary>
internal sealed class StartJudge(RuntimeQuestions runtime, HostPaths paths, AccountedContainers? accounted)
{
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
        if (facts.Spec is { } spec)
        {
            // The runtime resolved them when the container was created; what runs next follows links once more.
            (node, spec) = await paths.LookAsync(node, spec);
            facts = facts with { Spec = spec };
        }

        return new JudgedCall(
            Engine.Evaluate(policy, node, facts),
            new CallSubject { Pod = sandbox.Pod, SandboxId = sandbox.Id, ContainerName = facts.ContainerName, ContainerId = created.Status?.Id ?? id },
            _ => RequestPatcher.Apply(request));
    }
}
