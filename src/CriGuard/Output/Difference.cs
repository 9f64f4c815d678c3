namespace CriGuard.Output;

/// <summary>Two short texts side by side: what they share at both ends is left out but for a line.</summary>
internal static class Difference
{
    public static IEnumerable<string> Lines(string expected, string actual)
    {
        var (old, now) = (Split(expected), Split(actual));
        var shortest = Math.Min(old.Length, now.Length);
        var head = 0;
        while (head < shortest && old[head] == now[head])
            head++;
        var tail = 0;
        while (tail < shortest - head && old[^(tail + 1)] == now[^(tail + 1)])
            tail++;
        if (head > 0)
            yield return $"  {old[head - 1]}";
        foreach (var line in old[head..^tail])
            yield return $"- {line}";
        foreach (var line in now[head..^tail])
            yield return $"+ {line}";
        if (tail > 0)
            yield return $"  {old[^tail]}";
    }

    private static string[] Split(string text) => text.Length == 0 ? [] : text.TrimEnd('\n').Split('\n');
}
