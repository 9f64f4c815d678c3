using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Mounts;

/// <summary>The mounts of one mount namespace at one moment, and which of them is seen where.</summary>
public sealed class MountTable
{
    private readonly Dictionary<(int Parent, string Point), MountEntry> _children = [];
    private readonly ILookup<string, MountEntry> _devices;
    private readonly MountEntry? _root;

    private MountTable(List<MountEntry> entries)
    {
        var ids = entries.Select(static e => e.Id).ToHashSet();
        foreach (var entry in entries)
        {
            // The later of two at one place hides the earlier.
            if (ids.Contains(entry.ParentId) && entry.ParentId != entry.Id)
                _children[(entry.ParentId, entry.Point)] = entry;
            else if (entry.Point == "/")
                _root = entry;
        }

        _devices = entries.ToLookup(static e => e.Device, StringComparer.Ordinal);
    }

    /// <summary>Lines that are none are passed over: what is mounted there then looks like a part of what is below.</summary>
    public static MountTable Parse(ReadOnlySpan<byte> mountInfo)
    {
        var entries = new List<MountEntry>();
        foreach (var range in mountInfo.Split((byte)'\n'))
        {
            if (MountEntry.TryParse(mountInfo[range], out var entry))
                entries.Add(entry);
        }

        return new MountTable(entries);
    }

    /// <summary>True where a mount of this number is in the table.</summary>
    public static bool Has(ReadOnlySpan<byte> mountInfo, int id)
    {
        foreach (var range in mountInfo.Split((byte)'\n'))
        {
            if (MountEntry.TryParse(mountInfo[range], out var entry) && entry.Id == id)
                return true;
        }

        return false;
    }

    /// <summary>The mount that a real path lies on; null where the table does not know even the root.</summary>
    public MountEntry? At(string path)
    {
        if (_root is not { } mount)
            return null;
        mount = Topmost(mount, "/");
        for (var end = 0; end < path.Length;)
        {
            end = path.IndexOf('/', end + 1) is > 0 and var slash ? slash : path.Length;
            mount = Topmost(mount, path[..end]);
        }

        return mount;
    }

    /// <summary>True where something is mounted at exactly that path, and seen there.</summary>
    public bool IsPoint(string path) => At(path)?.Point == path;

    /// <summary>The other real paths under which the same file is seen by other mounts of its file system.</summary>
    public ImmutableArray<string> Aliases(string path)
    {
        if (At(path) is not { } mount || !NodePath.IsAtOrBelow(path, mount.Point))
            return [];
        var inside = NodePath.Join(mount.Root, NodePath.Below(path, mount.Point));
        return
        [
            .. _devices[mount.Device].Where(other => NodePath.IsAtOrBelow(inside, other.Root))
                .Select(other => (other, Path: NodePath.Join(other.Point, NodePath.Below(inside, other.Root))))
                .Where(alias => alias.Path != path && At(alias.Path)?.Id == alias.other.Id)
                .Select(static alias => alias.Path).Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private MountEntry Topmost(MountEntry mount, string path)
    {
        // Each step is one mount further up; a table that turns in a circle ends with its mounts.
        for (var steps = 0; steps <= _children.Count && _children.TryGetValue((mount.Id, path), out var above); steps++)
            mount = above;
        return mount;
    }
}
