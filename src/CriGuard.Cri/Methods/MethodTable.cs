using System.Collections.Frozen;
using System.Text;

namespace CriGuard.Cri.Methods;

/// <summary>The one table that says how each method is treated: all RPCs of cri-api up to 1.37, in `runtime.v1` and `runtime.v1alpha2`.</summary>
public static class MethodTable
{
    private const int LongestPath = 128;

    private const string Runtime = "RuntimeService";

    private const string Image = "ImageService";

    /// <summary>Asks whether a server is up (grpc.io/docs/guides/health-checking); monitors do.</summary>
    private static ReadOnlySpan<byte> HealthService => "grpc.health.v1.Health"u8;

    // v1alpha2 is served by containerd 1.6 and 1.7 and stopped growing at 1.23: what is newer exists in v1 alone.
    private static readonly (string Service, string Method, Treatment Treatment)[] BothVersions =
    [
        (Runtime, "RunPodSandbox", Treatment.Judge),
        (Runtime, "CreateContainer", Treatment.Judge),
        (Runtime, "StartContainer", Treatment.Judge),
        (Image, "PullImage", Treatment.Judge),

        (Runtime, "Attach", Treatment.Record),
        (Runtime, "Exec", Treatment.Record),
        (Runtime, "ExecSync", Treatment.Record),
        (Runtime, "PortForward", Treatment.Record),
        (Runtime, "RemoveContainer", Treatment.Record),
        (Runtime, "RemovePodSandbox", Treatment.Record),
        (Runtime, "StopContainer", Treatment.Record),
        (Runtime, "StopPodSandbox", Treatment.Record),
        (Runtime, "UpdateContainerResources", Treatment.Record),
        (Image, "RemoveImage", Treatment.Record),

        (Runtime, "ContainerStats", Treatment.Relay),
        (Runtime, "ContainerStatus", Treatment.Relay),
        (Runtime, "ListContainerStats", Treatment.Relay),
        (Runtime, "ListContainers", Treatment.Relay),
        (Runtime, "ListPodSandbox", Treatment.Relay),
        (Runtime, "ListPodSandboxStats", Treatment.Relay),
        (Runtime, "PodSandboxStats", Treatment.Relay),
        (Runtime, "PodSandboxStatus", Treatment.Relay),
        (Runtime, "ReopenContainerLog", Treatment.Relay),
        (Runtime, "Status", Treatment.Relay),
        (Runtime, "UpdateRuntimeConfig", Treatment.Relay),
        (Runtime, "Version", Treatment.Relay),

        (Image, "ImageFsInfo", Treatment.Relay),
        (Image, "ImageStatus", Treatment.Relay),
        (Image, "ListImages", Treatment.Relay),
    ];

    private static readonly (string Service, string Method, Treatment Treatment)[] SinceV1 =
    [
        (Runtime, "CheckpointContainer", Treatment.Record),
        (Runtime, "CheckpointPod", Treatment.Record),
        (Runtime, "UpdatePodSandboxResources", Treatment.Record),

        (Runtime, "RestorePod", Treatment.Judge),

        (Runtime, "GetContainerEvents", Treatment.Relay),
        (Runtime, "ListMetricDescriptors", Treatment.Relay),
        (Runtime, "ListPodSandboxMetrics", Treatment.Relay),
        (Runtime, "RuntimeConfig", Treatment.Relay),
        (Runtime, "StreamContainerStats", Treatment.Relay),
        (Runtime, "StreamContainers", Treatment.Relay),
        (Runtime, "StreamPodSandboxMetrics", Treatment.Relay),
        (Runtime, "StreamPodSandboxStats", Treatment.Relay),
        (Runtime, "StreamPodSandboxes", Treatment.Relay),

        (Image, "StreamImages", Treatment.Relay),
    ];

    /// <summary>True for the one call that goes on until a side leaves: the kubelet's stream of events.</summary>
    public static bool NeverEnds(ReadOnlySpan<byte> path) => path.SequenceEqual("/runtime.v1.RuntimeService/GetContainerEvents"u8);

    /// <summary>Every method that this build knows, by its path.</summary>
    public static FrozenDictionary<string, Treatment> Known { get; } = BothVersions
        .SelectMany(static m => new[] { "v1", "v1alpha2" }, static (m, version) => (Path: PathOf(version, m.Service, m.Method), m.Treatment))
        .Concat(SinceV1.Select(static m => (Path: PathOf("v1", m.Service, m.Method), m.Treatment)))
        .ToFrozenDictionary(static m => m.Path, static m => m.Treatment, StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, Treatment>.AlternateLookup<ReadOnlySpan<char>> ByPath =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// How a call with this `:path` is treated: only exact matches are known methods; the rest goes by its verb where it is of a service of the
    /// CRI. Other services of a runtime are no part of it, and how their methods are called says nothing: `Diff` of containerd mounts what it
    /// is told to. No allocation.
    /// </summary>
    public static Treatment Of(ReadOnlySpan<byte> path)
    {
        if (!MethodPath.TryParse(path, out var parsed))
            return Treatment.Refuse;

        Span<char> text = stackalloc char[LongestPath];
        if (path.Length <= LongestPath && ByPath.TryGetValue(text[..Encoding.ASCII.GetChars(path, text)], out var treatment))
            return treatment;

        var reads = parsed.IsOfCri ? !MethodVerb.MayChange(parsed.Method) : parsed.Service.SequenceEqual(HealthService);
        return reads ? Treatment.Relay : Treatment.Unknown;
    }

    private static string PathOf(string version, string service, string method) => $"/runtime.{version}.{service}/{method}";
}
