namespace CriGuard.Linux.Mounts;

/// <summary>Whose eyes paths are followed with: two processes may have other mounts, or another root (mount_namespaces(7)).</summary>
/// <param name="Root">What stands before a path to reach it from here; empty for our own root.</param>
/// <param name="MountInfo">The mounts below it (`/proc/PID/mountinfo`).</param>
public sealed record MountView(string Root, string MountInfo)
{
    public static MountView Own { get; } = new("", "/proc/self/mountinfo");

    /// <summary>Of another process; null where the kernel does not let us look, which takes CAP_SYS_PTRACE where it has other mounts.</summary>
    /// <param name="pid">Its id here.</param>
    /// <param name="proc">`/proc`.</param>
    public static MountView? Of(int pid, string proc = "/proc")
    {
        if (pid <= 0 || FileStat.ReadLink($"{proc}/self/ns/mnt") is not { } ours || FileStat.ReadLink($"{proc}/{pid}/ns/mnt") is not { } theirs || FileStat.ReadLink($"{proc}/{pid}/root") is not { } root)
            return null;
        return ours == theirs && root == FileStat.ReadLink($"{proc}/self/root") ? Own : new MountView($"{proc}/{pid}/root", $"{proc}/{pid}/mountinfo");
    }
}
