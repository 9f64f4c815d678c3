using CriGuard.Core.Workloads;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Cri.Facts;

/// <summary>Facts of a pull: the image, and the pod that it is for.</summary>
public static class PullReader
{
    public static PullFacts Read(Received<PullImageRequest> request)
    {
        var anomalies = new List<Anomaly>(request.Anomalies);
        var image = request.Message.Image ?? new ImageSpec();
        var sandbox = SandboxReader.Read(request.Message.SandboxConfig ?? new PodSandboxConfig(), "sandbox_config", anomalies);
        return new PullFacts
        {
            Sandbox = sandbox with { RuntimeHandler = image.RuntimeHandler },
            Image = ImageReader.Read(image),
            Annotations = SandboxReader.Sorted(image.Annotations),
            Anomalies = [.. anomalies],
        };
    }
}
