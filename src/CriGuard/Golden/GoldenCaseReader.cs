using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CriGuard.Core.Events;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
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
            Text(folder, "node.json") is { } node ? ReadNode(node) : new NodeFacts());
    }

    private static CompiledPolicy ReadPolicy(string folder)
    {
        var directory = Path.Combine(folder, "policy");
        var reading = PolicyReader.Read(Directory.Exists(directory) ? directory : Path.Combine(folder, "policy.yaml"));
        return reading.Policy ?? throw new GoldenCaseException(string.Join('\n', reading.Errors));
    }

    /// <summary>`node.json`: what a node offers.</summary>
    /// <exception cref="GoldenCaseException">The text is not that.</exception>
    public static NodeFacts ReadNode(string json)
    {
        var node = ProtobufJson.Read(json, "node.json") as JsonObject;
        if (node is null || node.Any(static p => p.Key is not ("appArmorProfiles" or "runtimeHandlers" or "now" or "caller")))
            throw new GoldenCaseException(
                "`node.json` must be a map of `appArmorProfiles` and `runtimeHandlers`, each a list of names, or left out where unknown or off, "
                + "`now`, a time, and `caller`, the path of an executable");
        return new NodeFacts
        {
            AppArmorProfiles = Names(node, "appArmorProfiles"),
            RuntimeHandlers = Names(node, "runtimeHandlers"),
            Now = node["now"] is { } now ? Time(now) : DateTimeOffset.MaxValue,
            Caller = node["caller"]?.ToString() is { } executable ? new Caller(Pid: 1, Uid: 0, executable) : null,
        };
    }

    private static DateTimeOffset Time(JsonNode now) =>
        DateTimeOffset.TryParse(now.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new GoldenCaseException("`now` of `node.json` must be a time, such as `2027-01-31T18:00:00Z`");

    private static ImmutableSortedSet<string>? Names(JsonObject node, string key) => node[key] switch
    {
        null => null,
        JsonArray list when list.All(static n => n?.GetValueKind() == JsonValueKind.String) => [.. list.Select(static n => n!.GetValue<string>())],
        _ => throw new GoldenCaseException($"`{key}` of `node.json` must be a list of names"),
    };

    private static string? Text(string folder, string file)
    {
        var path = Path.Combine(folder, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
