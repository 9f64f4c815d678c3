using System.Collections.Immutable;
using System.Text.Json;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>A value of a JSON file with its place; keys keep their order and are unique.</summary>
internal sealed record JsonNode(JsonValueKind Kind, Position At)
{
    /// <summary>Of an object.</summary>
    public ImmutableArray<(string Key, Position At, JsonNode Value)> Entries { get; init; } = [];

    /// <summary>Of an array.</summary>
    public ImmutableArray<JsonNode> Items { get; init; } = [];

    /// <summary>Of a string or a number, as it is meant.</summary>
    public string Text { get; init; } = "";
}

/// <summary>Strict JSON with places, which the framework's own documents do not keep: no comments, no trailing commas, no key twice, bounded depth.</summary>
internal ref struct JsonTree
{
    private const int MaxDepth = 16;

    private readonly string _file;
    private readonly ReadOnlySpan<byte> _text;
    private readonly List<PolicyError> _errors;
    private Utf8JsonReader _json;

    private JsonTree(string file, ReadOnlySpan<byte> text, List<PolicyError> errors)
    {
        _file = file;
        _text = text;
        _errors = errors;
        _json = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    private readonly Position Here => Place(_text[..(int)_json.TokenStartIndex]);

    /// <summary>Null, with an error, where it is no sound JSON.</summary>
    public static JsonNode? Read(string file, ReadOnlySpan<byte> text, List<PolicyError> errors)
    {
        var tree = new JsonTree(file, text, errors);
        try
        {
            tree._json.Read();
            var root = tree.Value();
            tree._json.Read();
            return root;
        }
        catch (JsonException e)
        {
            var at = new Position(file, (int)(e.LineNumber ?? 0) + 1, (int)(e.BytePositionInLine ?? 0) + 1);
            errors.Add(new PolicyError(at, "not valid JSON here: see what is around this place"));
        }
        catch (InvalidOperationException)
        {
            // What the reader throws on text that is no UTF-8, or has half a surrogate pair.
            errors.Add(new PolicyError(tree.Here, "not valid text: save the file as UTF-8"));
        }

        return null;
    }

    private readonly Position Place(ReadOnlySpan<byte> before) => new(_file, before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'));

    private JsonNode Value()
    {
        var at = Here;
        switch (_json.TokenType)
        {
            case JsonTokenType.StartObject:
                return new JsonNode(JsonValueKind.Object, at) { Entries = Entries() };
            case JsonTokenType.StartArray:
                var items = ImmutableArray.CreateBuilder<JsonNode>();
                while (_json.Read() && _json.TokenType != JsonTokenType.EndArray)
                    items.Add(Value());
                return new JsonNode(JsonValueKind.Array, at) { Items = items.ToImmutable() };
            case JsonTokenType.String:
                return new JsonNode(JsonValueKind.String, at) { Text = _json.GetString() ?? "" };
            case JsonTokenType.Number:
                return new JsonNode(JsonValueKind.Number, at) { Text = System.Text.Encoding.UTF8.GetString(_json.ValueSpan) };
            default:
                return new JsonNode(_json.TokenType switch { JsonTokenType.True => JsonValueKind.True, JsonTokenType.False => JsonValueKind.False, _ => JsonValueKind.Null }, at);
        }
    }

    private ImmutableArray<(string Key, Position At, JsonNode Value)> Entries()
    {
        var entries = ImmutableArray.CreateBuilder<(string Key, Position At, JsonNode Value)>();
        var keys = new Dictionary<string, Position>(StringComparer.OrdinalIgnoreCase);
        while (_json.Read() && _json.TokenType != JsonTokenType.EndObject)
        {
            var (key, at) = (_json.GetString() ?? "", Here);

            // Go takes keys in any case, and of two the later one.
            if (!keys.TryAdd(key, at))
                _errors.Add(new PolicyError(at, $"{Words.Quote(key)} is already given at line {keys[key].Line}: keep one of the two"));
            _json.Read();
            entries.Add((key, at, Value()));
        }

        return entries.ToImmutable();
    }
}
