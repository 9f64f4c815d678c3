using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;

namespace CriGuard.Linux.Sockets;

/// <summary>Which processes are connected to a listening unix socket, by the kernel's own account of both ends.</summary>
/// <param name="proc">Where the proc file system is mounted.</param>
public sealed class SocketClients(string proc = "/proc")
{
    private const int MinorBits = 20;

    /// <summary>
    /// Ids of the processes that hold the far end of a connection; null where that cannot be told. A socket of another network namespace has none.
    /// </summary>
    /// <param name="path">The socket's file; links are followed.</param>
    public ImmutableSortedSet<int>? Of(string path)
    {
        if (FileIdentity.Of(path) is not { } file)
            return null;
        try
        {
            var device = (file.Major << MinorBits) | file.Minor;
            var far = UnixDiagnosis.Read()
                .Where(socket => socket.IsEstablished && socket.Peer != 0 && socket.FileInode == (uint)file.Inode && socket.FileDevice == device)
                .Select(static socket => $"socket:[{socket.Peer}]").ToHashSet(StringComparer.Ordinal);
            return far.Count == 0 ? [] : Holders(far);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private ImmutableSortedSet<int> Holders(HashSet<string> sockets)
    {
        var holders = ImmutableSortedSet.CreateBuilder<int>();
        foreach (var directory in Directory.EnumerateDirectories(proc))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Holds($"{directory}/fd", sockets))
                holders.Add(pid);
        }

        return holders.ToImmutable();
    }

    private static bool Holds(string descriptors, HashSet<string> sockets)
    {
        try
        {
            return Directory.EnumerateFileSystemEntries(descriptors).Any(entry => FileStat.ReadLink(entry) is { } target && sockets.Contains(target));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The process has ended, or is not ours to look at.
            return false;
        }
    }
}
