using CriGuard.TestBed;

namespace CriGuard.Demo;

/// <summary>What one pod came to: the gate's word, and what was seen past the gate.</summary>
/// <param name="Refusal">What the kubelet was told; null if the pod runs.</param>
/// <param name="Decision">What the event log says was decided.</param>
/// <param name="Process">The kernel's word on the first process; null if there is none.</param>
/// <param name="KernelLog">First line of `dmesg` inside the container; empty where a pod may not read it.</param>
/// <param name="Handler">The handler that runs the pod, as the runtime tells.</param>
/// <param name="Remains">Pods that the runtime has, this one if it runs.</param>
internal sealed record Evidence(string? Refusal, string Decision, ProcessView? Process, string KernelLog, string Handler, int Remains)
{
    /// <summary>The decision on a pod that CriGuard itself refused.</summary>
    public const string Refused = "refused";
}
