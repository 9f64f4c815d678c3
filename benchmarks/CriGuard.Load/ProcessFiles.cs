using System.Globalization;

namespace CriGuard.Load;

/// <summary>Files of /proc that may be gone at any moment.</summary>
internal static class ProcessFiles
{
    /// <summary>A process and its children: socat serves each connection in a child of its own.</summary>
    public static IReadOnlyList<int> Family(int process)
    {
        var children = Directory.EnumerateDirectories("/proc")
            .Select(Id)
            .Where(id => id > 0 && Parent(id) == process);
        return [process, .. children];
    }

    /// <summary>Directory of each thread.</summary>
    public static IReadOnlyList<string> Threads(int process)
    {
        try
        {
            return Directory.GetDirectories($"/proc/{process}/task");
        }
        catch (IOException)
        {
            return [];
        }
    }

    public static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>The number that a directory is named with; 0 for other names.</summary>
    public static int Id(string directory) =>
        int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;

    // 1234 (socat) S 1200 …: the name may hold anything, so fields count from its last bracket.
    private static int Parent(int process)
    {
        var line = TryRead($"/proc/{process}/stat");
        return line is null ? 0 : int.Parse(line[(line.LastIndexOf(')') + 1)..].Split(' ')[2], CultureInfo.InvariantCulture);
    }
}
