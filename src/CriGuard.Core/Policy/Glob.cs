namespace CriGuard.Core.Policy;

/// <summary>Text in which `*` stands for any characters, none included; nothing else is special.</summary>
public sealed record Glob(string Pattern)
{
    /// <summary>Takes the leftmost place for each piece, which is enough with `*` alone: no backtracking on what tenants write.</summary>
    public bool Matches(string text)
    {
        var star = Pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
            return text == Pattern;
        var last = Pattern.LastIndexOf('*');
        var head = Pattern.AsSpan(0, star);
        var tail = Pattern.AsSpan(last + 1);
        if (text.Length < head.Length + tail.Length)
            return false;
        if (!text.StartsWith(head, StringComparison.Ordinal) || !text.EndsWith(tail, StringComparison.Ordinal))
            return false;
        var rest = text.AsSpan(head.Length, text.Length - head.Length - tail.Length);
        var middle = Pattern.AsSpan(star, last - star);
        foreach (var range in middle.Split('*'))
        {
            var piece = middle[range];
            var at = rest.IndexOf(piece, StringComparison.Ordinal);
            if (at < 0)
                return false;
            rest = rest[(at + piece.Length)..];
        }

        return true;
    }
}
