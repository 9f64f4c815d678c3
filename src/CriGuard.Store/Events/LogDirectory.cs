using System.Globalization;

namespace CriGuard.Store.Events;

/// <summary>Names of the files of an event log.</summary>
/// <param name="Path">The directory.</param>
internal sealed record LogDirectory(string Path)
{
    private const string Prefix = "events-";
    private const string Suffix = ".jsonl";

    /// <summary>Held exclusively by the process that appends.</summary>
    public string Lock => System.IO.Path.Combine(Path, "lock");

    public string Head => System.IO.Path.Combine(Path, "head");

    /// <summary>The segment whose first line has this sequence.</summary>
    public string Segment(long first) => System.IO.Path.Combine(Path, $"{Prefix}{first:d12}{Suffix}");

    /// <summary>First sequences of the segments, ascending, as their names say.</summary>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public long[] Segments() => [.. Directory.EnumerateFiles(Path, $"{Prefix}*{Suffix}").Select(FirstSequence).Where(static first => first > 0).Order()];

    /// <summary>A name that is free for the bytes that were cut off in front of this sequence.</summary>
    public string FreeTornFile(long sequence)
    {
        var name = System.IO.Path.Combine(Path, $"torn-{sequence:d12}");
        return Enumerable.Range(1, int.MaxValue - 1).Select(n => n == 1 ? name : $"{name}-{n}").First(static path => !File.Exists(path));
    }

    private static long FirstSequence(string path)
    {
        var name = System.IO.Path.GetFileName(path.AsSpan());
        return long.TryParse(name[Prefix.Length..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 0;
    }
}
