using CriGuard.Linux;

namespace CriGuard.Doctor;

/// <summary>Who may reach and replace the files that the gate hangs on.</summary>
internal static class FileChecks
{
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    public static IEnumerable<Check> Of(NodeState node)
    {
        yield return Socket("socket", node.Options.Listen.Path, node.Files.Listen);
        yield return Socket("runtime-socket", node.Options.Runtime.Path, node.Files.Runtime);
        yield return State(node.Options.StateDirectory, node.Files.State);
    }

    private static Check Socket(string name, string path, FileAccessState access)
    {
        if (access.Stat is not { } stat)
            return Check.Fault(name, $"{path} is not there", name == "socket" ? "start the daemon" : "start the runtime, or correct `runtimeEndpoint`");
        if (stat.Type != FileStat.Socket)
            return Check.Fault(name, $"{path} is no socket", "find out who has put it there");
        return Problem(path, access, stat, UnixFileMode.OtherWrite) is { } problem
            ? Check.Fault(name, problem, "whoever reaches it is root on this node: `chown root` it and take the rights of others away")
            : Check.Good(name, $"{path} is root's");
    }

    private static Check State(string path, FileAccessState access)
    {
        const string name = "state";
        if (access.Stat is not { } stat)
            return Check.Fault(name, $"{path} is not there", "the daemon makes it when it starts");
        return Problem(path, access, stat, OfOthers | OfGroup) is { } problem
            ? Check.Fault(name, problem, $"`chown root:root {path} && chmod 700 {path}`; then prove the log against a copy kept elsewhere")
            : Check.Good(name, $"{path} is root's alone");
    }

    private static string? Problem(string path, FileAccessState access, FileStat stat, UnixFileMode forbidden)
    {
        if (stat.Uid != 0)
            return $"{path} belongs to user {stat.Uid}";
        if ((stat.Permissions & forbidden) != UnixFileMode.None)
            return $"{path} has mode {Convert.ToString((int)stat.Permissions, 8)}";
        return access.OpenParent.Length > 0 ? $"others than root may replace {path}: {access.OpenParent} is theirs to write" : null;
    }
}
