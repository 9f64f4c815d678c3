using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>PullImage: facts from the request alone; its credentials are neither read nor recorded.</summary>
internal sealed class ImageJudge(HostPaths paths)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<PullImageRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("PullImage");
        var facts = PullReader.Read(request);
        var details = new List<KeyValuePair<string, string>> { new("image", facts.Image.Reference) };
        if (facts.Image.UserSpecified.Length > 0)
            details.Add(new("userSpecifiedImage", facts.Image.UserSpecified));
        return new JudgedCall(
            Engine.Evaluate(policy, await paths.LookAsync(node, facts.Image), facts),
            new CallSubject { Pod = facts.Sandbox.Pod.Name.Length > 0 ? facts.Sandbox.Pod : null, Details = [.. details] },
            changes => RequestPatcher.Apply(request, changes));
    }
}
