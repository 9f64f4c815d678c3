using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>An object of a profile with the keys that it may have; collects what is wrong and reads on. `null` is as if the key were not there.</summary>
internal sealed class JsonMap
{
    private readonly JsonNode _node;
    private readonly List<PolicyError> _errors;

    public JsonMap(JsonNode node, string name, ImmutableArray<string> keys, List<PolicyError> errors)
    {
        (_node, _errors) = (node, errors);
        if (node.Kind != JsonValueKind.Object)
            errors.Add(new PolicyError(node.At, $"{name} must be an object"));
        foreach (var (key, at, _) in node.Entries)
        {
            if (!keys.Contains(key))
                errors.Add(new PolicyError(at, $"{Policy.Words.Quote(key)} is not a key of {name}: the keys are {Policy.Words.All(keys)}"));
        }
    }

    public JsonNode? Find(string key) => _node.Entries.FirstOrDefault(e => e.Key == key).Value is { Kind: not JsonValueKind.Null } value ? value : null;

    public bool Has(string key) => Find(key) is not null;

    public void Fail(string key, string message) => _errors.Add(new PolicyError((Find(key) ?? _node).At, message));

    /// <summary>Null where it is not there or, with an error, no string.</summary>
    public string? Text(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.Kind == JsonValueKind.String)
            return value.Text;
        Fail(key, $"`{key}` must be a string");
        return null;
    }

    /// <summary>Null where it is not there or, with an error, no number from 0 to 2^64 - 1.</summary>
    public ulong? Number(string key)
    {
        if (Find(key) is not { } value)
            return null;
        if (value.Kind == JsonValueKind.Number && ulong.TryParse(value.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        Fail(key, $"`{key}` must be a whole number, 0 or more");
        return null;
    }

    public ImmutableArray<JsonNode> List(string key, int most)
    {
        if (Find(key) is not { } value)
            return [];
        if (value.Kind != JsonValueKind.Array)
            Fail(key, $"`{key}` must be a list");
        else if (value.Items.Length > most)
            Fail(key, $"`{key}` has {value.Items.Length} items: at most {most} are read");
        else
            return value.Items;
        return [];
    }

    public ImmutableArray<string> Words(string key, string what, Func<string, bool> isWord, int most = 64)
    {
        var words = ImmutableArray.CreateBuilder<string>();
        foreach (var item in List(key, most))
        {
            if (item.Kind == JsonValueKind.String && isWord(item.Text))
                words.Add(item.Text);
            else
                _errors.Add(new PolicyError(item.At, $"{Policy.Words.Quote(item.Text)} is no {what} that is known here"));
        }

        return words.ToImmutable();
    }

    /// <summary>The error by its number or, as Docker writes it, by its name.</summary>
    public ushort? Errno(string number, string name)
    {
        if (Text(name) is { Length: > 0 } word)
        {
            if (ErrorNumbers.TryParse(word, out var known))
                return known;
            Fail(name, $"{Policy.Words.Quote(word)} is no error that is known here: write `{number}` with its number");
        }

        if (Number(number) is not { } value)
            return null;
        if (value <= ErrorNumbers.Greatest)
            return (ushort)value;
        Fail(number, $"`{number}` must be at most {ErrorNumbers.Greatest}");
        return null;
    }

    /// <summary>Null, with an error, where it is no action.</summary>
    public SeccompAction? Action(string key, ushort? errno)
    {
        var word = Text(key);
        var found = SeccompWords.Actions.FirstOrDefault(a => a.Word == word);
        if (found.Word is null)
        {
            Fail(key, $"`{key}` is no action: write one of {Policy.Words.All(SeccompWords.Actions.Select(static a => a.Word))}");
            return null;
        }

        return new SeccompAction(found.Kind, found.Kind is SeccompActionKind.Errno or SeccompActionKind.Trace ? errno ?? ErrorNumbers.NotPermitted : (ushort)0);
    }
}
