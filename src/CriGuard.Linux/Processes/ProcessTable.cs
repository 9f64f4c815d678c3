using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CriGuard.Core.Sandboxes;

namespace CriGuard.Linux.Processes;

/// <summary>Lists the processes of a proc file system, and the memory of single ones.</summary>
/// <param name="proc">Where it is mounted.</param>
public sealed class ProcessTable(string proc = "/proc")
{
    private readonly ProcessReader _reader = new(proc);

    /// <summary>As they are while it reads: one that comes or goes meanwhile may be missing.</summary>
    public ImmutableDictionary<int, NodeProcess> Read()
    {
        var processes = ImmutableDictionary.CreateBuilder<int, NodeProcess>();
        foreach (var directory in Directory.EnumerateDirectories(proc))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessStat.TryParseParent(KernelFile.Read($"{directory}/stat"), out var parent))
            {
                processes[pid] = new NodeProcess(pid, parent, _reader.ReadExecutable(pid), Arguments(KernelFile.Read($"{directory}/cmdline")), Link($"{directory}/ns/user"));
            }
        }

        return processes.ToImmutable();
    }

    /// <summary>Nothing where the process is gone or is not ours to look at.</summary>
    public ProcessMemory ReadMemory(int pid) => SmapsRollup.TryParse(KernelFile.Read($"{proc}/{pid}/smaps_rollup"), out var memory) ? memory : default;

    // proc_pid_cmdline(5): each ends with a null byte; a process that wrote over them may leave none.
    private static ImmutableArray<string> Arguments(byte[]? text) =>
        text is not { Length: > 0 } ? [] : [.. Encoding.UTF8.GetString(text).TrimEnd('\0').Split('\0')];

    private static string Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget ?? "";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
