namespace CriGuard.Store.Policies;

/// <summary>Finds the word that a writer may have meant.</summary>
internal static class Spelling
{
    /// <summary>The word with the fewest letters to change, add or take out (Levenshtein distance); the first of several.</summary>
    public static string Nearest(string written, ReadOnlySpan<string> words)
    {
        var (nearest, least) = ("", int.MaxValue);
        foreach (var word in words)
        {
            if (Distance(written, word) is var distance && distance < least)
                (nearest, least) = (word, distance);
        }

        return nearest;
    }

    private static int Distance(string left, string right)
    {
        var row = new int[right.Length + 1];
        for (var j = 0; j <= right.Length; j++)
            row[j] = j;
        for (var i = 1; i <= left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= right.Length; j++)
            {
                var replaced = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j - 1], row[j]));
            }
        }

        return row[^1];
    }
}
