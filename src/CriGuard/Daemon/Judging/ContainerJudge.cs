using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>CreateContainer: facts from the request, and the sandbox as the runtime has it, not as the request sends it again.</summary>
internal sealed class ContainerJudge(RuntimeQuestions runtime, HostPaths paths, SeccompFiles profiles)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<CreateContainerRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("CreateContainer");
        var sandbox = await runtime.SandboxAsync(call.Path, request.Message.PodSandboxId, call.Cancelled);
        var facts = ContainerReader.Read(request, sandbox);
        (node, facts) = await CompleteAsync(policy, call, node, facts);
        if (policy.NeedsNeighbours || facts.JoinsProcesses)
            facts = facts with { Neighbours = await runtime.NeighboursAsync(call.Path, sandbox.Id, call.Cancelled) };
        return new JudgedCall(
            Engine.Evaluate(policy, node, facts),
            new CallSubject { Pod = sandbox.Pod, SandboxId = sandbox.Id, ContainerName = facts.Name },
            changes => RequestPatcher.Apply(request, changes));
    }

    /// <summary>The container with what the node knows of the images and devices that it names.</summary>
    public async Task<(NodeFacts Node, ContainerFacts Facts)> CompleteAsync(CompiledPolicy policy, CallRequest call, NodeFacts node, ContainerFacts facts)
    {
        if (policy.NeedsImageNames || policy.NeedsImageUser)
            facts = await WithImageNamesAsync(call, facts);
        return await paths.LookAsync(profiles.Look(policy, node, facts.Seccomp), facts);
    }

    private async Task<ContainerFacts> WithImageNamesAsync(CallRequest call, ContainerFacts facts)
    {
        var volumes = new List<ImageVolume>();
        foreach (var volume in facts.ImageVolumes)
            volumes.Add(volume with { Image = await runtime.ImageAsync(call.Path, volume.Image, call.Cancelled) });
        return facts with { Image = await runtime.ImageAsync(call.Path, facts.Image, call.Cancelled), ImageVolumes = [.. volumes] };
    }
}
