using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>RestorePod: what RunPodSandbox and CreateContainer would ask, all at once (T-P3).</summary>
internal sealed class RestoreJudge(RuntimeQuestions runtime, ContainerJudge containers)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<RestorePodRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("RestorePod");
        var facts = RestoreReader.Read(request);
        if (policy.NeedsHandlers(node, facts.Sandbox))
            node = node with { RuntimeHandlers = await runtime.HandlersAsync(call.Path, call.Cancelled) };
        var (nodes, complete) = (new List<NodeFacts>(), new List<ContainerFacts>());
        foreach (var container in facts.Containers)
        {
            var (known, completed) = await containers.CompleteAsync(policy, call, node, container);
            nodes.Add(known);
            complete.Add(completed);
        }

        facts = facts with { Nodes = [.. nodes], Containers = [.. complete] };
        var subject = new CallSubject { Pod = facts.Sandbox.Pod, Details = [new("checkpoint", facts.CheckpointPath)] };
        return new JudgedCall(Engine.Evaluate(policy, node, facts), subject, _ => RequestPatcher.Apply(request));
    }
}
