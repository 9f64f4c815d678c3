using CriGuard.TestBed.Pods;

namespace CriGuard.TestBed;

/// <summary>What a kubelet calls things on its node.</summary>
/// <param name="CgroupParent">The cgroup of a pod, in the words of the node's driver.</param>
/// <param name="LogDirectory">Where a pod's containers log to, on the node; empty for nowhere.</param>
public sealed record NodeNames(Func<PodSpec, string> CgroupParent, Func<PodSpec, string> LogDirectory);
