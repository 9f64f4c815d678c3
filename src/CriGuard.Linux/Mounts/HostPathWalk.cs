using CriGuard.Core.Workloads;

namespace CriGuard.Linux.Mounts;

/// <summary>Follows one path as the kernel would, part by part, so that each can be weighed before it is touched (path_resolution(7)).</summary>
/// <param name="root">The directory that stands for `/`; empty for the process's own.</param>
/// <param name="mounts">What is mounted below it.</param>
/// <param name="stalled">Mounts that do not answer.</param>
/// <param name="waiting">Says which one it waits for.</param>
internal sealed class HostPathWalk(string root, MountTable mounts, StalledMounts stalled, Waiting waiting)
{
    /// <summary>As many as Linux follows.</summary>
    private const int MostLinks = 40;
    private const int LongestPath = 4096;

    private static readonly string[] Remote = ["nfs", "nfs4", "cifs", "smb3", "ceph", "9p", "afs", "autofs", "glusterfs", "lustre", "virtiofs"];

    private readonly Stack<string> _parts = new();
    private string _path = "/";
    private HostFileKind _kind = HostFileKind.Directory;
    private int _links;

    public HostTarget Follow(string path)
    {
        if (!path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal) || path.Length > LongestPath)
            return HostTarget.Unknown(path, "it is no absolute path");
        Push(path);
        while (_parts.TryPop(out var part))
        {
            if (part is "" or ".")
                continue;
            if (Step(part) is { } problem)
                return HostTarget.Unknown(path, problem);
        }

        if (_kind != HostFileKind.Missing && mounts.IsPoint(_path))
            _kind = KindOfPoint();
        if (_kind == HostFileKind.Unknown)
            return HostTarget.Unknown(path, "what is mounted there cannot be looked at");
        return new HostTarget(_kind, _path) { Aliases = mounts.Aliases(_path) };
    }

    /// <summary>What is wrong; null where the part is taken.</summary>
    private string? Step(string part)
    {
        if (_kind == HostFileKind.Missing)
        {
            if (part == "..")
                return "it has `..` below what is not there";
            _path = NodePath.Join(_path, part);
            return null;
        }

        if (_kind != HostFileKind.Directory)
            return "a part of it is no directory";
        if (part == "..")
        {
            _path = NodePath.Parent(_path);
            return null;
        }

        var next = NodePath.Join(_path, part);

        // What is mounted there is never a link: its server, if it has one, need not be asked.
        if (!mounts.IsPoint(next))
            return Look(next);
        _path = next;
        _kind = _parts.Count == 0 ? _kind : KindOfPoint();
        return null;
    }

    private string? Look(string next)
    {
        var mount = mounts.At(next);
        if (Ask(next, mount, out var kind, out var link) is not { } error)
            return "what is mounted there does not answer";
        if (error is not (0 or FileStat.NotFound))
            return error == FileStat.NotDirectory ? "a part of it is no directory" : $"it cannot be looked at (error {error})";
        if (link is null)
        {
            (_path, _kind) = (next, error == 0 ? kind : HostFileKind.Missing);
            return null;
        }

        // Such links lead to what a process has open, not to the path that they show.
        if (mount?.FileSystem == "proc")
            return "it leads through a link of /proc";
        if (link.Length == 0)
            return "a link of it cannot be read";
        if (++_links > MostLinks)
            return "it has too many links";
        if (link.StartsWith('/'))
            _path = "/";
        Push(link);
        return null;
    }

    /// <summary>Files can be mount points too; what a server has there is not asked for.</summary>
    private HostFileKind KindOfPoint()
    {
        if (mounts.At(_path) is not { } mount || Remote.Contains(mount.FileSystem, StringComparer.Ordinal) || mount.FileSystem.StartsWith("fuse", StringComparison.Ordinal))
            return HostFileKind.Directory;
        return Ask(_path, mount, out var kind, out _) == 0 ? kind : HostFileKind.Unknown;
    }

    /// <summary>Asks the kernel: null where that would be to wait for what does not answer, 0, or the error's number.</summary>
    /// <param name="path">A real path.</param>
    /// <param name="mount">What it lies on.</param>
    /// <param name="kind">What it is, unless it is a link.</param>
    /// <param name="link">Null where it is no link, empty where it cannot be read.</param>
    private int? Ask(string path, MountEntry? mount, out HostFileKind kind, out string? link)
    {
        (kind, link) = (HostFileKind.Unknown, null);
        var id = mount?.Id ?? 0;
        if (stalled.Contains(id))
            return null;
        waiting.Mount = id;
        var error = FileStat.Read(root + path, follow: false, out var stat);
        if (error == 0)
            kind = KindOf(stat);
        link = stat.Type == FileStat.Link ? FileStat.ReadLink(root + path) ?? "" : null;
        waiting.Mount = null;
        stalled.Answered(id);
        return error;
    }

    private static HostFileKind KindOf(FileStat stat) => stat.Type switch
    {
        FileStat.Directory => HostFileKind.Directory,
        FileStat.Ordinary => HostFileKind.File,
        FileStat.Socket => HostFileKind.Socket,
        FileStat.CharacterDevice or FileStat.BlockDevice => HostFileKind.Device,
        _ => HostFileKind.Other,
    };

    private void Push(string path)
    {
        var parts = path.Split('/');
        for (var i = parts.Length - 1; i >= 0; i--)
            _parts.Push(parts[i]);
    }
}
