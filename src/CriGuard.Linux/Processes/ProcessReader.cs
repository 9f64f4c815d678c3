using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using CriGuard.Core.Workloads;
using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Processes;

/// <summary>Reads what a proc file system says of single processes.</summary>
/// <param name="proc">Where it is mounted.</param>
public sealed class ProcessReader(string proc = "/proc")
{
    /// <summary>False where the process is gone or its status cannot be read.</summary>
    /// <param name="pid">Process id in the pid namespace of the mount.</param>
    /// <param name="status">What the kernel says now.</param>
    public bool TryReadStatus(int pid, [NotNullWhen(true)] out ProcessStatus? status) =>
        ProcessStatus.TryParse(KernelFile.Read($"{proc}/{pid}/status"), out status);

    /// <summary>
    /// Path of the process's executable; empty where the process is gone, is a kernel thread or is not ours to look at. A file that was
    /// replaced since ends in ` (deleted)`.
    /// </summary>
    public string ReadExecutable(int pid)
    {
        try
        {
            return new FileInfo($"{proc}/{pid}/exe").LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    /// <summary>Clock ticks from the boot to its start; 0 where the process is gone. A number that comes again has another.</summary>
    public ulong ReadStart(int pid) => ProcessStart.TryParse(KernelFile.Read($"{proc}/{pid}/stat"), out var ticks) ? ticks : 0;

    /// <summary>`uid_map` or `gid_map`; empty where it cannot be read.</summary>
    public ImmutableArray<IdMapping> ReadIdMap(int pid, string file) => IdMapFile.TryParse(KernelFile.Read($"{proc}/{pid}/{file}"), out var map) ? map : [];

    /// <summary>A file below `attr`, such as `apparmor/current`; empty where no security module of that name is on (they then answer EINVAL).</summary>
    public string ReadLabel(int pid, string file) => Encoding.UTF8.GetString(KernelFile.Read($"{proc}/{pid}/attr/{file}") ?? []).TrimEnd('\0', '\n');

    /// <summary>`net:[4026531840]`; empty where the process is gone or not ours to look at (ptrace(2), `PTRACE_MODE_READ`).</summary>
    /// <param name="pid">Process id.</param>
    /// <param name="kind">File name below `ns`.</param>
    public string ReadNamespace(int pid, string kind) => FileStat.ReadLink($"{proc}/{pid}/ns/{kind}") ?? "";

    //   0::/kubepods/besteffort/pod7a/0d3f       v2
    //   8:pids:/kubepods/besteffort/pod7a/0d3f   v1, a line a tree; a path may hold colons

    /// <summary>The path of each line of its `cgroup` (cgroups(7)); none where the process is gone.</summary>
    public ImmutableArray<string> ReadGroups(int pid) =>
    [
        .. Encoding.UTF8.GetString(KernelFile.Read($"{proc}/{pid}/cgroup") ?? []).Split('\n').Select(static line => line.Split(':', 3)).Where(static field => field.Length == 3)
            .Select(static field => field[2]),
    ];

    /// <summary>The words of its command line, each ended by a null byte (proc_pid_cmdline(5)); none where the process is gone.</summary>
    public ImmutableArray<string> ReadArguments(int pid) =>
        Encoding.UTF8.GetString(KernelFile.Read($"{proc}/{pid}/cmdline") ?? []).TrimEnd('\0') is { Length: > 0 } line ? [.. line.Split('\0')] : [];

    /// <summary>
    /// True where the parent of a process sees, by its own mounts, the file that the process runs. A container's first process is a child of the runtime's
    /// shim, and its files are on mounts that the shim does not have: so it is not told of a file of the node that is mounted into a container.
    /// </summary>
    public bool RunsFileOfItsParent(int pid)
    {
        try
        {
            using var running = File.OpenHandle($"{proc}/{pid}/exe", share: FileShare.ReadWrite | FileShare.Delete);
            return ProcessStat.TryParseParent(KernelFile.Read($"{proc}/{pid}/stat"), out var parent)
                && DescriptorFile.TryParseMount(KernelFile.Read($"/proc/self/fdinfo/{running.DangerousGetHandle()}"), out var mount)
                && MountTable.Has(KernelFile.Read($"{proc}/{parent}/mountinfo"), mount);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>True where a path of ours leads to the very file that the process runs: one of a container's own has the same name at most.</summary>
    public bool RunsFile(int pid, string path) => FileIdentity.Of($"{proc}/{pid}/exe") is { } running && FileIdentity.Of(path) == running;
}
