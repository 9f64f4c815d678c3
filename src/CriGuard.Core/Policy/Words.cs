using System.Globalization;

namespace CriGuard.Core.Policy;

/// <summary>How values from requests are put into messages: they are written by tenants and end in events and terminals.</summary>
public static class Words
{
    private const int MaxValue = 80;
    private const int MaxItems = 8;

    /// <summary>In backticks, cut to a readable length, with anything that could break the line or the quotes replaced.</summary>
    public static string Quote(string value)
    {
        var shown = value.Length <= MaxValue ? value : string.Concat(value.AsSpan(0, MaxValue - 1), "…");
        return string.Create(shown.Length + 2, shown, static (span, text) =>
        {
            span[0] = '`';
            span[^1] = '`';
            for (var i = 0; i < text.Length; i++)
                span[i + 1] = IsPlain(text[i]) ? text[i] : '?';
        });
    }

    /// <summary>Formatting characters too: a bidirectional mark turns the rest of the message round, and a joiner hides in a name.</summary>
    private static bool IsPlain(char c) => c != '`' && char.GetUnicodeCategory(c) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator);

    /// <summary>Quoted, the first few of them.</summary>
    public static string List(IReadOnlyCollection<string> values)
    {
        var shown = string.Join(", ", values.Take(MaxItems).Select(Quote));
        return values.Count <= MaxItems ? shown : $"{shown} and {values.Count - MaxItems} more";
    }

    /// <summary>Every one, however many: for lists that a writer chooses from.</summary>
    public static string All(IEnumerable<string> values) => string.Join(", ", values.Select(Quote));

    /// <summary>A container for a message.</summary>
    public static string Container(string name) => $"container {Quote(name)}";

    /// <summary>A pod for a message.</summary>
    public static string Pod(Workloads.PodIdentity pod) => $"pod {Quote(pod.ToString())}";

    /// <summary>Whom an image is pulled for: a pull by hand names no pod.</summary>
    public static string Puller(Workloads.PodIdentity pod) => pod.Name.Length == 0 ? "a caller without a pod" : Pod(pod);
}
