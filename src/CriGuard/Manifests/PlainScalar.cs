using CriGuard.Store.Policies;

namespace CriGuard.Manifests;

/// <summary>What kind of value a text of a manifest is to the API server, which reads YAML 1.1: `yes` is true, and `1` is no text.</summary>
internal static class PlainScalar
{
    private static readonly string[] True = ["y", "yes", "true", "on"];
    private static readonly string[] False = ["n", "no", "false", "off"];

    public static bool IsNull(TextNode node) => node.Plain && node.Text is "" or "~" or "null" or "Null" or "NULL";

    /// <summary>Null where it is neither.</summary>
    public static bool? Flag(TextNode node)
    {
        if (!node.Plain || !HasOneCase(node.Text))
            return null;
        if (True.Contains(node.Text, StringComparer.OrdinalIgnoreCase))
            return true;
        return False.Contains(node.Text, StringComparer.OrdinalIgnoreCase) ? false : null;
    }

    /// <summary>Null where it is no whole number.</summary>
    public static long? Whole(TextNode node) => node.Plain && Numbers.TryWhole(node.Text, out var number) ? number : null;

    /// <summary>What stands there, for messages: `a number`, `true or false`, `a text`.</summary>
    public static string Kind(TextNode node)
    {
        if (IsNull(node))
            return "empty";
        if (Flag(node) is not null)
            return "true or false";
        return node.Plain && Numbers.IsNumber(node.Text) ? "a number" : "a text";
    }

    // `Yes` and `YES` are true, `yEs` is a text.
    private static bool HasOneCase(string text) =>
        text.Skip(1).All(char.IsAsciiLetterLower) || text.All(char.IsAsciiLetterUpper);
}
