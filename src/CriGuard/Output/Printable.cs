using System.Globalization;
using System.Text;

namespace CriGuard.Output;

/// <summary>Text that others chose, made fit for a terminal: an escape sequence in a container's name must not act on the reader's screen.</summary>
internal static class Printable
{
    /// <summary>Control, formatting (bidirectional marks) and lone surrogate characters as `\u001b`; the rest as it is.</summary>
    public static string Of(string text)
    {
        if (!text.Any(Acts))
            return text;
        var printable = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                printable.Append(text[i]).Append(text[++i]);
            else if (Acts(text[i]))
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            else
                printable.Append(text[i]);
        }

        return printable.ToString();
    }

    private static bool Acts(char c) => char.GetUnicodeCategory(c)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
