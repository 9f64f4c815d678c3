using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Store.Policies;

namespace CriGuard.Manifests;

/// <summary>
/// A field of a manifest with its path, there or not. Asking it for what it is not leaves an error with its place, once however often it is asked,
/// and gives what an absent field gives.
/// </summary>
internal sealed class Field(Node? node, string path, ISet<PolicyError> errors)
{
    /// <summary>As people write it: `spec.template.spec.containers[1].securityContext`.</summary>
    public string Path { get; } = path;

    /// <summary>Null where the manifest does not have it.</summary>
    public Position? At => node?.At;

    /// <summary>False where it is not there or null, which are one to the API server.</summary>
    public bool Exists => node is not null && !IsNull;

    public bool IsMap => node is MapNode;

    public Field this[string key] => new(Child(key), Join(Path, key), errors);

    /// <summary>Of a list; none where it is not there.</summary>
    public ImmutableArray<Field> Items
    {
        get
        {
            if (!Exists)
                return [];
            if (node is ListNode list)
                return [.. list.Items.Select((item, index) => new Field(item, $"{Path}[{index}]", errors))];
            Wrong("a list");
            return [];
        }
    }

    /// <summary>Of a map whose keys are the user's own.</summary>
    public ImmutableArray<(string Key, Field Value)> Entries => Map() is { } map
        ? [.. map.Entries.Select(entry => (entry.Key.Text, this[entry.Key.Text]))]
        : [];

    public string? Text => Scalar("a text", static text => PlainScalar.Kind(text) == "a text" ? text.Text : null);

    public bool? Flag => Scalar("`true` or `false`", PlainScalar.Flag);

    public long? Number => Scalar("a whole number", PlainScalar.Whole);

    /// <summary>Of an amount, which may be written as a number or as a text.</summary>
    public Quantity? Amount => Scalar(
        "an amount such as `100m` or `64Mi`", static text => PlainScalar.Kind(text) is "a text" or "a number" ? Quantity.Read(text.Text) : null);

    /// <summary>A list of texts.</summary>
    public IEnumerable<string> Texts => Items.Select(static item => item.Text).OfType<string>();

    /// <summary>A map of texts.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs =>
        Entries.Where(static entry => entry.Value.Exists).Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Text ?? ""));

    private bool IsNull => node is TextNode text && PlainScalar.IsNull(text);

    public void Fail(string message)
    {
        if (node is not null)
            errors.Add(new PolicyError(node.At, message));
    }

    /// <summary>The nearest place that the manifest does have: its own, or that of the one that it is missing in.</summary>
    public static Position? Nearest(params ReadOnlySpan<Field> outward)
    {
        foreach (var field in outward)
        {
            if (field.At is { } at)
                return at;
        }

        return null;
    }

    // A key with dots in it is no step of the path.
    private static string Join(string path, string key)
    {
        var step = key.Length > 0 && key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
        return step ? (path.Length == 0 ? key : $"{path}.{key}") : $"{path}[{key}]";
    }

    private Node? Child(string key) => Map()?.Entries.FirstOrDefault(entry => entry.Key.Text == key)?.Value;

    private MapNode? Map()
    {
        if (!Exists)
            return null;
        if (node is not MapNode)
            Wrong("a map");
        return node as MapNode;
    }

    private string? Scalar(string wanted, Func<TextNode, string?> read)
    {
        if (!Exists)
            return null;
        var value = node is TextNode text ? read(text) : null;
        if (value is null)
            Wrong(wanted);
        return value;
    }

    private T? Scalar<T>(string wanted, Func<TextNode, T?> read)
        where T : struct
    {
        if (!Exists)
            return null;
        var value = node is TextNode text ? read(text) : null;
        if (value is null)
            Wrong(wanted);
        return value;
    }

    private void Wrong(string wanted)
    {
        if (node is not BrokenNode)
            Fail($"`{(Path.Length == 0 ? "manifest" : Path)}` is {(node is TextNode text ? PlainScalar.Kind(text) : node?.Kind)}: write {wanted}");
    }
}
