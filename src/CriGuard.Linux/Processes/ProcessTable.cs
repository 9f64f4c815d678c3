using System.Collections.Immutable;
using System.Globalization;
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
                processes[pid] = new NodeProcess(pid, parent, _reader.ReadExecutable(pid), _reader.ReadArguments(pid), _reader.ReadNamespace(pid, "user"))
                {
                    MountNamespace = _reader.ReadNamespace(pid, "mnt"), Groups = _reader.ReadGroups(pid),
                };
            }
        }

        return processes.ToImmutable();
    }

    /// <summary>Nothing where the process is gone or is not ours to look at.</summary>
    public ProcessMemory ReadMemory(int pid) => SmapsRollup.TryParse(KernelFile.Read($"{proc}/{pid}/smaps_rollup"), out var memory) ? memory : default;
}
