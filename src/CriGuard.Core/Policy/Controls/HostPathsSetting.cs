using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Which directories and files of the node a container may be given; none where the list is empty.</summary>
/// <param name="Allow">What is allowed, by real paths: where a mount leads to counts, not what it is called.</param>
public sealed record HostPathsSetting(ImmutableArray<HostPathEntry> Allow)
{
    private const string ReadOnlySuffix = ":ro";

    public static HostPathsSetting DenyAll { get; } = new([]);

    /// <summary>Where it is not empty, only mounts of these for writing are refused, of what is below them, or of what holds them.</summary>
    public ImmutableArray<string> Written { get; private init; } = [];

    /// <summary>Everything may be mounted, but these paths not for writing.</summary>
    public static HostPathsSetting DenyWriting(ImmutableArray<string> paths) => new([]) { Written = paths };

    /// <summary>Whether it says anything of a mount that leads there.</summary>
    internal bool IsAbout(NodeFacts node, MountFacts mount, ImmutableArray<string> paths) => Written.IsEmpty || (
        !mount.ReadOnly && Written.Any(written => node.NamesOf(written).Any(name => paths.Any(path => NodePath.Overlap(path, name)))));

    /// <summary>The setting with more allowed; a value that ends in `:ro` is allowed for reading.</summary>
    public HostPathsSetting Allowing(ImmutableArray<string> values) => this with { Allow = [.. Allow, .. values.Select(Entry)] };

    /// <summary>Why an exception cannot allow it; null where it can.</summary>
    public static string? Objection(string value) => HostPathEntry.Objection(Entry(value).Path);

    private static HostPathEntry Entry(string value) => value.EndsWith(ReadOnlySuffix, StringComparison.Ordinal)
        ? new HostPathEntry(value[..^ReadOnlySuffix.Length], ReadOnly: true)
        : new HostPathEntry(value, ReadOnly: false);
}

/// <summary>One path that may be mounted, with all below it; a protected path only as itself.</summary>
/// <param name="Path">Absolute, without `.`, `..`, doubled or trailing slashes.</param>
/// <param name="ReadOnly">Only for reading.</param>
public sealed record HostPathEntry(string Path, bool ReadOnly)
{
    /// <summary>Why a path cannot stand here; null where it can.</summary>
    public static string? Objection(string path)
    {
        if (path == "/")
            return null;
        var parts = path.Split('/');
        return parts.Length > 1 && parts[0].Length == 0 && parts.Skip(1).All(static p => p is not ("" or "." or ".."))
            ? null
            : "is not a path: write it absolute, without `.`, `..`, doubled or trailing slashes";
    }

    public override string ToString() => ReadOnly ? $"{Path}:ro" : Path;
}
