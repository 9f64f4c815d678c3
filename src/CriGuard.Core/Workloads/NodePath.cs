namespace CriGuard.Core.Workloads;

/// <summary>Relations between real paths: absolute, without links, `.`, `..` and trailing slashes.</summary>
public static class NodePath
{
    /// <summary>True for the root itself too.</summary>
    public static bool IsAtOrBelow(string path, string root) =>
        path.Length == root.Length ? path == root : root == "/" || (path.StartsWith(root, StringComparison.Ordinal) && path[root.Length] == '/');

    /// <summary>True where one of the two holds the other (T-M4).</summary>
    public static bool Overlap(string left, string right) => IsAtOrBelow(left, right) || IsAtOrBelow(right, left);

    /// <summary>A path below another; the first is a root or a directory, the second a name or a path without its leading slash.</summary>
    public static string Join(string root, string below) => below.Length == 0 ? root : root == "/" ? "/" + below : $"{root}/{below}";

    /// <summary>What is left of a path below a root; empty for the root itself.</summary>
    public static string Below(string path, string root) => path.Length <= root.Length ? "" : root == "/" ? path[1..] : path[(root.Length + 1)..];

    /// <summary>The directory that holds it; the root holds itself.</summary>
    public static string Parent(string path) => path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    /// <summary>The path as text alone says it: absolute, `..` taking back what stands before it. Right only where there are no links.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part is "" or ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0)
                parts.RemoveAt(parts.Count - 1);
        }

        return "/" + string.Join('/', parts);
    }
}
