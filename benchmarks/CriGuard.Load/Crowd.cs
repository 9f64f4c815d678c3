using CriGuard.TestBed;
using CriGuard.TestBed.Pods;

namespace CriGuard.Load;

/// <summary>Containers that make a list long: created, never started, in one sandbox that goes with them.</summary>
internal sealed class Crowd(Kubelet kubelet, string sandbox) : IAsyncDisposable
{
    public const int Size = 100;

    public static async Task<Crowd> CreateAsync(Kubelet kubelet, CancellationToken cancellation)
    {
        var pod = new PodSpec("crowd") { Containers = [.. Enumerable.Range(0, Size).Select(i => new ContainerSpec { Name = $"idle-{i}" })] };
        var crowd = new Crowd(kubelet, await kubelet.RunSandboxAsync(pod, cancellation));
        try
        {
            foreach (var container in pod.Containers)
                await kubelet.CreateAsync(crowd.Sandbox, pod, container, cancellation);
            return crowd;
        }
        catch
        {
            await crowd.DisposeAsync();
            throw;
        }
    }

    public string Sandbox => sandbox;

    public async ValueTask DisposeAsync() => await kubelet.RemovePodAsync(sandbox);
}
