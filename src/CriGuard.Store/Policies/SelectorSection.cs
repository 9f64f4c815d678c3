using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Store.Policies;

/// <summary>A label selector as Kubernetes writes it: `matchLabels` and `matchExpressions`.</summary>
internal static class SelectorSection
{
    public static Selector Read(Section match, string key)
    {
        if (match.Find(key) is not { } node || Section.Open(node, key, match.Errors, "matchLabels", "matchExpressions") is not { } section)
            return Selector.Everything;
        if (section.IsEmpty)
            section.Fail(section.At, $"`{key}` is empty: leave it out to match everything");
        var labels = section.Find("matchLabels") is { } map && section.MapOf(map, "matchLabels") is { } pairs ? pairs.Entries : [];
        var equal = labels.Select(entry => section.TextOf(entry.Value, entry.Key.Text) is { } value
            ? new Requirement(entry.Key.Text, SelectorOperator.In, [value.Text])
            : null);
        var expressions = section.List("matchExpressions").Select(item => ReadExpression(item, section.Errors));
        return new Selector([.. equal.Concat(expressions).OfType<Requirement>()]);
    }

    private static Requirement? ReadExpression(Node node, List<PolicyError> errors)
    {
        if (Section.Open(node, "matchExpressions", errors, "key", "operator", "values") is not { } section)
            return null;
        var key = section.RequireText("key");
        section.Require("operator");
        var comparison = section.Choice(
            "operator", ("In", SelectorOperator.In), ("NotIn", SelectorOperator.NotIn), ("Exists", SelectorOperator.Exists),
            ("DoesNotExist", SelectorOperator.DoesNotExist));
        ImmutableArray<string> values = [.. section.Texts("values").Select(static t => t.Text)];
        if (comparison is SelectorOperator.In or SelectorOperator.NotIn)
            section.Require("values");
        else if (comparison is not null && section.Find("values") is { } unused)
            section.Fail(unused.At, $"`values` belong to `In` and `NotIn`: leave them out with `{comparison}`");
        return key is not null && comparison is { } known ? new Requirement(key.Text, known, values) : null;
    }
}
