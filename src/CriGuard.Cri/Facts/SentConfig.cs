using System.Text.Json;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Cri.Facts;

/// <summary>
/// What a sandbox or a container was asked for with, where the runtime keeps it: containerd shows it in its verbose status, as Go writes the CRI's
/// messages in JSON (names of the CRI, enums as numbers, what is empty left out); CRI-O does not keep it.
/// </summary>
public static class SentConfig
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <summary>Null where the runtime does not tell.</summary>
    public static PodSandboxConfig? Read(PodSandboxStatusResponse response) => Read<PodSandboxConfig>(response.Info);

    /// <summary>Null where the runtime does not tell.</summary>
    public static ContainerConfig? Read(ContainerStatusResponse response) => Read<ContainerConfig>(response.Info);

    // Every such configuration has metadata: a `config` without is something else.
    private static T? Read<T>(IDictionary<string, string> info)
        where T : class, IMessage<T>, new() =>
        VerboseJson.Read(info, "info", null, static root => root.At("config", "metadata").IsObject() ? Parse<T>(root.At("config")) : null);

    private static T? Parse<T>(JsonElement config)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return Parser.Parse<T>(config.GetRawText());
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException)
        {
            return null;
        }
    }
}
