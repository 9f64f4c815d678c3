using System.Text.Json.Nodes;
using CriGuard.Core.Policy;
using CriGuard.Cri.Runtime;
using CriGuard.Store.Policies;

namespace CriGuard.Golden;

/// <summary>Reads the folder of a case.</summary>
internal static class GoldenCaseReader
{
    public const string RequestFile = "request.json";

    /// <exception cref="GoldenCaseException">A file is missing or not what it should be.</exception>
    public static GoldenCase Read(string folder)
    {
        if (ProtobufJson.Read(Text(folder, RequestFile) ?? "", RequestFile) is not JsonObject { Count: 1 } request)
            throw new GoldenCaseException($"`{RequestFile}` must have one key, the method: `{{ \"CreateContainer\": … }}`");
        var (method, message) = request.Single();
        return new GoldenCase(
            ReadPolicy(folder),
            method,
            message?.ToJsonString() ?? "{}",
            Text(folder, "sandbox.json") is { } sandbox ? ProtobufJson.ParseVerbose<PodSandboxStatusResponse>(sandbox, "sandbox.json") : null,
            Text(folder, "container.json") is { } container ? ProtobufJson.ParseVerbose<ContainerStatusResponse>(container, "container.json") : null,
            Text(folder, "image.json") is { } image ? ProtobufJson.Parse<ImageStatusResponse>(image, "image.json") : null,
            new GoldenNode(Text(folder, GoldenNode.File)))
        {
            Containers = Text(folder, "containers.json") is { } list ? ProtobufJson.Parse<ListContainersResponse>(list, "containers.json") : null,
        };
    }

    private static CompiledPolicy ReadPolicy(string folder)
    {
        var directory = Path.Combine(folder, "policy");
        var reading = PolicyReader.Read(Directory.Exists(directory) ? directory : Path.Combine(folder, "policy.yaml"));
        return reading.Policy ?? throw new GoldenCaseException(string.Join('\n', reading.Errors));
    }

    private static string? Text(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
