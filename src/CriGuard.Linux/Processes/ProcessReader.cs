using System.Diagnostics.CodeAnalysis;

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
}
