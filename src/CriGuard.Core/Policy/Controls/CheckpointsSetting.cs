using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Where checkpoints are written to and restored from, and by whom.</summary>
/// <param name="Paths">Directories of the node that hold checkpoints; none: there are to be none at all.</param>
/// <param name="Callers">Executables that may ask.</param>
public sealed record CheckpointsSetting(ImmutableArray<string> Paths, ImmutableArray<Glob> Callers)
{
    public static CheckpointsSetting Deny { get; } = new([], []);

    /// <summary>Who asks where a document does not say: wherever the kubelet is installed.</summary>
    public static ImmutableArray<Glob> Kubelet { get; } = [new Glob("*/kubelet")];

    /// <summary>The setting with more directories allowed.</summary>
    public CheckpointsSetting Allowing(ImmutableArray<string> paths) => this with
    {
        Paths = [.. Paths, .. paths],
        Callers = Callers.IsEmpty ? Kubelet : Callers,
    };

    /// <summary>Why a directory cannot be allowed; null where it can.</summary>
    public static string? Objection(string path) =>
        IsPlain(path) && path.Length > 1 ? null : "is not a directory for checkpoints: write an absolute path without `.`, `..` or a slash at the end";

    /// <summary>True where the path lies below one of the directories; as text, so that no link in a directory of root's is followed.</summary>
    public bool Holds(string path) => IsPlain(path) && Paths.Any(directory => path.StartsWith(directory + "/", StringComparison.Ordinal));

    private static bool IsPlain(string path) =>
        path.StartsWith('/') && !path.Contains('\0', StringComparison.Ordinal) && path[1..].Split('/').All(static part => part is not ("" or "." or ".."));
}
