using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Manifests;

/// <summary>What a policy makes of some manifests.</summary>
/// <param name="Revision">Of the policy.</param>
/// <param name="Pods">In the order of the manifests.</param>
/// <param name="Assumed">What the manifests do not tell and was taken for given.</param>
/// <param name="Skipped">Objects that make no pod that is known here.</param>
internal sealed record Explanation(
    string Revision, ImmutableArray<ExplainedPod> Pods, IReadOnlyList<string> Assumed, ImmutableArray<SkippedObject> Skipped)
{
    public bool IsRefusal => Pods.Any(static pod => pod.IsRefusal);
}

/// <summary>A pod and the verdicts on its calls.</summary>
/// <param name="Source">Manifest and requests.</param>
/// <param name="Handler">The runtime handler that it would run under; empty is the runtime's default.</param>
/// <param name="Calls">The sandbox first, then each container.</param>
internal sealed record ExplainedPod(KubeletPod Source, string Handler, ImmutableArray<ExplainedCall> Calls)
{
    public bool IsRefusal => Calls.Any(static call => call.Verdict.IsRefusal);

    /// <summary>`namespace/name`.</summary>
    public string Name => $"{Source.Sandbox.Config.Metadata.Namespace}/{Source.Sandbox.Config.Metadata.Name}";
}

/// <summary>The verdict on one call.</summary>
/// <param name="Container">Null for the sandbox.</param>
/// <param name="Verdict">As the daemon decides it.</param>
internal sealed record ExplainedCall(KubeletContainer? Container, Verdict Verdict)
{
    public string Method => Container is null ? "RunPodSandbox" : "CreateContainer";
}
