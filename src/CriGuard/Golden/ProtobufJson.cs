using System.Text.Json;
using System.Text.Json.Nodes;
using CriGuard.Cri.Runtime;
using Google.Protobuf;

namespace CriGuard.Golden;

/// <summary>CRI messages as JSON, in the CRI's names or in lowerCamelCase; fields outside our slice of it are skipped, as on the wire.</summary>
internal static class ProtobufJson
{
    private static readonly JsonParser Parser = new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true));

    /// <exception cref="GoldenCaseException">The text is not this message.</exception>
    public static T Parse<T>(string json, string file)
        where T : class, IMessage<T>, new()
    {
        try
        {
            return Parser.Parse<T>(json);
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new GoldenCaseException($"`{file}` is not a message of its method: {e.Message}", e);
        }
    }

    /// <summary>The bytes of a method's request; none where no message of the CRI goes by that method.</summary>
    /// <exception cref="GoldenCaseException">The text is not this message.</exception>
    public static ReadOnlyMemory<byte> Bytes(string method, string json)
    {
        var type = AccessReflection.Descriptor.MessageTypes.FirstOrDefault(message => message.Name == $"{method}Request");
        if (type is null)
            return default;
        try
        {
            return Parser.Parse(json, type).ToByteArray();
        }
        catch (Exception e) when (e is InvalidJsonException or InvalidProtocolBufferException)
        {
            throw new GoldenCaseException($"`request.json` is not a message of its method: {e.Message}", e);
        }
    }

    /// <summary>A verbose reply: its `info` holds JSON as text, which may stand here as what it is.</summary>
    /// <exception cref="GoldenCaseException">The text is not this message.</exception>
    public static T ParseVerbose<T>(string json, string file)
        where T : class, IMessage<T>, new()
    {
        var root = Read(json, file);
        if (root is JsonObject reply && reply["info"] is JsonObject entries)
        {
            foreach (var key in entries.Where(static e => e.Value is JsonObject).Select(static e => e.Key).ToList())
                entries[key] = JsonValue.Create(entries[key]!.ToJsonString());
        }

        return Parse<T>(root?.ToJsonString() ?? "", file);
    }

    /// <exception cref="GoldenCaseException">The text is no JSON.</exception>
    public static JsonNode? Read(string json, string file)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip });
        }
        catch (JsonException e)
        {
            throw new GoldenCaseException($"`{file}` is no JSON: {e.Message}", e);
        }
    }
}
