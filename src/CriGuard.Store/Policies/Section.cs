using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>A map of the policy with the keys that it may have; collects what is wrong and reads on.</summary>
internal sealed class Section
{
    private const int FewKeys = 8;

    private readonly MapNode map;

    private Section(string name, MapNode map, List<PolicyError> errors)
    {
        Name = name;
        this.map = map;
        Errors = errors;
    }

    /// <summary>As people know it: the key that it is the value of.</summary>
    public string Name { get; }

    public Position At => map.At;

    public bool IsEmpty => map.Entries.IsEmpty;

    public List<PolicyError> Errors { get; }

    /// <summary>Null where the node is no map.</summary>
    public static Section? Open(Node node, string name, List<PolicyError> errors, params ReadOnlySpan<string> keys)
    {
        if (node is not MapNode map)
        {
            WrongKind(node, name, "a map", errors);
            return null;
        }

        foreach (var entry in map.Entries)
        {
            if (!keys.Contains(entry.Key.Text))
                errors.Add(new PolicyError(entry.Key.At, $"`{entry.Key.Text}` is not a key of `{name}`: {Known(entry.Key.Text, keys)}"));
        }

        return new Section(name, map, errors);
    }

    public bool Has(string key) => map.Entries.Any(e => e.Key.Text == key);

    public Node? Find(string key) => map.Entries.FirstOrDefault(e => e.Key.Text == key)?.Value;

    /// <summary>Null, and an error, where it is not there.</summary>
    public Node? Require(string key)
    {
        var value = Find(key);
        if (value is null)
            Fail(At, $"`{Name}` has no `{key}`: add it");
        return value;
    }

    /// <summary>The text of a key; null where the key is not there or, with an error, no single value.</summary>
    public TextNode? Text(string key) => Find(key) is { } node ? TextOf(node, key) : null;

    public TextNode? RequireText(string key) => Require(key) is { } node ? TextOf(node, key) : null;

    public ImmutableArray<Node> List(string key) => Find(key) is { } node ? ListOf(node, key) : [];

    /// <summary>The items of a list of texts that must not be empty where it is given.</summary>
    public ImmutableArray<TextNode> Texts(string key)
    {
        var items = List(key);
        if (items.IsEmpty && Find(key) is ListNode list)
            Fail(list.At, $"`{key}` is an empty list, which matches nothing: leave the key out or fill it");
        return [.. items.Select(item => TextOf(item, key)).OfType<TextNode>()];
    }

    /// <summary>One of some words; null where the key is not there or, with an error, another word.</summary>
    public T? Choice<T>(string key, params ReadOnlySpan<(string Word, T Value)> choices)
        where T : struct
    {
        if (Text(key) is not { } text)
            return null;
        foreach (var (word, value) in choices)
        {
            if (word == text.Text)
                return value;
        }

        var words = choices.ToArray().Select(static c => c.Word).ToArray();
        var what = words is [var only] ? $"write `{only}`, or leave the key out" : $"write one of {Choices(words)}";
        Fail(text.At, $"`{key}` is `{text.Text}`: {what}");
        return null;
    }

    public void Fail(Position at, string message) => Errors.Add(new PolicyError(at, message));

    public TextNode? TextOf(Node node, string name)
    {
        if (node is TextNode { IsNull: false } text)
            return text;
        WrongKind(node, name, "a single value", Errors);
        return null;
    }

    /// <summary>For maps whose keys are the user's own.</summary>
    public MapNode? MapOf(Node node, string name)
    {
        if (node is MapNode free)
            return free;
        WrongKind(node, name, "a map", Errors);
        return null;
    }

    /// <summary>All keys where they are few, else the one that may have been meant.</summary>
    private static string Known(string written, ReadOnlySpan<string> keys) =>
        keys.Length <= FewKeys ? $"write one of {Choices(keys)}" : $"the nearest is `{Spelling.Nearest(written, keys)}`";

    private static string Choices(ReadOnlySpan<string> words) => string.Join(", ", words.ToArray().Select(static w => $"`{w}`"));

    private static void WrongKind(Node node, string name, string wanted, List<PolicyError> errors)
    {
        if (node is not BrokenNode)
            errors.Add(new PolicyError(node.At, $"`{name}` is {node.Kind}: write {wanted}"));
    }

    private ImmutableArray<Node> ListOf(Node node, string name)
    {
        if (node is ListNode list)
            return list.Items;
        WrongKind(node, name, "a list", Errors);
        return [];
    }
}
