using CriGuard.TestBed.Pods;

namespace CriGuard.TestBed;

/// <summary>A pod that was started; stopped and removed when disposed.</summary>
public sealed record RunningPod(Kubelet Kubelet, PodSpec Spec, string Sandbox, IReadOnlyList<string> Containers) : IAsyncDisposable
{
    /// <summary>Id of the first container.</summary>
    public string Main => Containers[0];

    public async ValueTask DisposeAsync() => await Kubelet.RemovePodAsync(Sandbox);
}
