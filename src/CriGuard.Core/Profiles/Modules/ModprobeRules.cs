using System.Text;

namespace CriGuard.Core.Profiles.Modules;

/// <summary>Rules for modprobe (modprobe.d(5)) out of the list of modules: the layer that holds for the whole node, whoever asks.</summary>
public static class ModprobeRules
{
    private const int NetlinkFamily = 16;

    private const string Head = """
        # Modules that a process can make the kernel load without CAP_SYS_MODULE, and that no container needs. For /etc/modprobe.d/criguard.conf.
        #
        # `install NAME /bin/false` and not `blacklist NAME`: that one stops only aliases, and a module still loads under its own name. Modules that
        # are loaded already stay. What your node needs itself (a Kata node: vhost_vsock) is left out with `--keep NAME`.

        """;

    /// <summary>The text of the file.</summary>
    /// <param name="modules">The list.</param>
    /// <param name="keep">Modules that may be loaded on this node; `-` and `_` are equal, as to modprobe.</param>
    public static string Write(KernelModules modules, IEnumerable<string> keep)
    {
        var done = keep.Select(static name => name.Replace('-', '_')).ToHashSet(StringComparer.Ordinal);
        var text = new StringBuilder(Head);
        foreach (var entry in modules.Entries.Where(IsForNoNode))
        {
            var names = entry.Modules.Where(done.Add).ToList();
            if (names.Count > 0)
                text.Append("\n# ").Append(entry.Name).Append(" (").Append(entry.Alias).Append("): ").Append(entry.Why).Append('\n');
            foreach (var name in names)
                text.Append("install ").Append(name).Append(" /bin/false\n");
        }

        return text.ToString();
    }

    /// <summary>Modules that the rules of a file keep from being loaded by any name: those with an `install` line; names with `_`.</summary>
    /// <param name="text">A file of modprobe.d(5).</param>
    public static IEnumerable<string> Refused(string text) =>
        from line in text.Split('\n')
        let words = line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)
        where words is ["install", _, _, ..] && words[2].Split('/')[^1] is "false" or "true"
        select words[1].Replace('-', '_');

    /// <summary>
    /// A rule of modprobe holds for the node's own programs and for modules that depend on one: those behind netlink serve ss, nft and ip, and those
    /// of key types encrypted disks, NFS and Ceph. From containers they are kept by seccomp.
    /// </summary>
    private static bool IsForNoNode(KernelModule entry) => entry.Cause != ModuleCause.Key && entry.Socket is not { Family: NetlinkFamily };
}
