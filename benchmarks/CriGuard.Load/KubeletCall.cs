using CriGuard.TestBed.Runtime;
using Google.Protobuf;

namespace CriGuard.Load;

/// <summary>A call of the load run: what a kubelet sends, in wire format.</summary>
internal sealed record KubeletCall(string Name, string Method, byte[] Request)
{
    private const string RuntimeService = "/runtime.v1.RuntimeService/";

    public static KubeletCall Version { get; } = new("Version", RuntimeService + "Version", new VersionRequest { Version = "0.1.0" }.ToByteArray());

    public static KubeletCall Status { get; } = new("Status", RuntimeService + "Status", []);

    public static KubeletCall ListContainers { get; } = new($"ListContainers of {Crowd.Size}", RuntimeService + "ListContainers", []);

    /// <summary>A look at the image store that costs the runtime next to nothing: what is left is the way there.</summary>
    public static KubeletCall ImageStatus { get; } = new(
        "ImageStatus",
        "/runtime.v1.ImageService/ImageStatus",
        new ImageStatusRequest { Image = new ImageSpec { Image = "criguard.test/absent:1" } }.ToByteArray());
}
