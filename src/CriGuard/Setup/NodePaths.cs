namespace CriGuard.Setup;

/// <summary>Where things lie on a node.</summary>
/// <param name="root">`/`, or the directory that stands for it in tests.</param>
internal sealed class NodePaths(string root = "/")
{
    public const string Program = "/usr/local/bin/criguard";
    public const string Configuration = "/etc/criguard/config.yaml";
    public const string Policy = "/etc/criguard/policy.d";
    public const string Units = "/etc/systemd/system";
    public const string SocketUnit = "criguard.socket";
    public const string ServiceUnit = "criguard.service";
    public const string Modprobe = "/etc/modprobe.d/criguard.conf";
    public const string Crictl = "/etc/crictl.yaml";
    public const string RuntimeDirectory = "/run/criguard";

    /// <summary>What was done to the node, below the daemon's state.</summary>
    public const string Record = "/var/lib/criguard/install";

    /// <summary>Where kubeadm writes flags of the kubelet, and from 1.35 on the settings of this one instance.</summary>
    public const string KubeadmFlags = "/var/lib/kubelet/kubeadm-flags.env";
    public const string KubeadmInstance = "/var/lib/kubelet/instance-config.yaml";

    /// <summary>The path as this process reaches it.</summary>
    public string this[string path] => root == "/" ? path : root + path;

    /// <summary>Where a file lies that the path may only be a link to: that file is what is changed, and put back.</summary>
    public string Real(string path)
    {
        if (!File.Exists(this[path]) || new FileInfo(this[path]).ResolveLinkTarget(returnFinalTarget: true)?.FullName is not { } target)
            return path;
        return root == "/" ? target : target[root.Length..];
    }

    /// <summary>The text of a file; null where there is none.</summary>
    /// <exception cref="SetupException">It cannot be read.</exception>
    public string? Read(string path)
    {
        try
        {
            return File.Exists(this[path]) ? File.ReadAllText(this[path]) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SetupException($"cannot read `{path}`: {e.Message}", e);
        }
    }
}
