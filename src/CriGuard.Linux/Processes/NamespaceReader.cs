using CriGuard.Linux.Mounts;

namespace CriGuard.Linux.Processes;

/// <summary>Whose kernel namespace a path is (namespaces(7), "The /proc/pid/ns/ directory").</summary>
public static class NamespaceReader
{
    /// <summary>True for that of the node's first process; null where the kernel does not let us look, which takes CAP_SYS_PTRACE.</summary>
    /// <param name="view">With whose eyes.</param>
    /// <param name="kind">As an OCI spec names it: `network`.</param>
    /// <param name="path">Real.</param>
    public static bool? IsOfTheNode(MountView view, string kind, string path)
    {
        var name = kind switch { "network" => "net", "mount" => "mnt", _ => kind };
        return FileIdentity.Of($"{view.Root}/proc/1/ns/{name}") is { } node && FileIdentity.Of(view.Root + path) is { } there ? node == there : null;
    }

    /// <summary>Of a process by its number, which is no link of a path that could be followed; `self` would be another for each who asks.</summary>
    public static bool IsOfProcess(string path) =>
        path.Split('/') is ["", "proc", { Length: > 0 } pid, "ns", { Length: > 0 } name] && pid.All(char.IsAsciiDigit) && name is not ("." or "..");
}
