using System.Text;
using CriGuard.Core.Profiles.Modules;
using CriGuard.Store.Configuration;
using CriGuard.Store.Profiles;

namespace CriGuard.Setup;

/// <summary>What has to be changed on a node, in order: only what is not so already.</summary>
internal sealed class InstallPlan
{
    private readonly NodePaths _node;
    private readonly Survey _found;

    /// <param name="node">Whose files are compared.</param>
    /// <param name="found">What is on it.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="program">The program that is installed; null where a package has put it there, and the units.</param>
    public InstallPlan(NodePaths node, Survey found, InstallOptions options, byte[]? program)
    {
        (_node, _found) = (node, found);
        var changes = Files(options, program).Select(static change => (Of: Owner.CriGuard, Change: change)).Append((Owner.Crictl, Crictl()));
        if (found.Kubelet is { } kubelet)
            changes = changes.Concat(kubelet.PointTo($"{found.Listen}").Select(static change => (Owner.Kubelet, change)));
        Changes = [.. changes.Where(step => !step.Change.IsDone(node))];
    }

    /// <summary>In order. Those of others are made once the daemon answers.</summary>
    public IReadOnlyList<(Owner Of, Change Change)> Changes { get; }

    /// <summary>True where something of theirs is changed: then the daemon, or the kubelet, has to be started anew.</summary>
    public bool Touches(Owner owner) => Changes.Any(step => step.Of == owner);

    /// <summary>True where the socket has to be made anew.</summary>
    public bool TouchesSocket => Changes.Any(static step => step.Change.Path.Contains(NodePaths.SocketUnit, StringComparison.Ordinal));

    /// <summary>For people.</summary>
    public string Describe()
    {
        var text = new StringBuilder();
        text.Append($"runtime   {_found.RuntimeName} on {_found.Runtime}\n");
        text.Append(_found.Kubelet is null ? "kubelet   left alone\n" : $"kubelet   pid {_found.KubeletPid}, now on {_found.Kubelet.Endpoint}\n");
        foreach (string line in Changes.SelectMany(step => step.Change.Describe(_node)))
            text.Append(line).Append('\n');
        if (Touches(Owner.CriGuard))
            text.Append($"start     {NodePaths.SocketUnit}, {NodePaths.ServiceUnit} on {_found.Listen}\n");
        if (Touches(Owner.Kubelet))
            text.Append($"restart   {Survey.KubeletUnit}\n");
        if (_found.Kubelet is not null && (_node.Read(NodePaths.KubeadmFlags) ?? _node.Read(NodePaths.KubeadmInstance)) is not null)
            text.Append($"note      kubeadm keeps the endpoint on the Node too: kubectl annotate node NAME --overwrite kubeadm.alpha.kubernetes.io/cri-socket={_found.Listen}\n");
        return text.ToString();
    }

    private IEnumerable<Change> Files(InstallOptions options, byte[]? program)
    {
        yield return new NewDirectory("/var/lib/criguard");
        if (program is not null)
            yield return new NewFile(NodePaths.Program, program, NewFile.Executable);
        yield return new NewDirectory("/etc/criguard");
        yield return new NewDirectory(NodePaths.Policy);
        // What an administrator has written is not touched.
        if (_node.Read(NodePaths.Configuration) is null)
            yield return NewFile.OfText(NodePaths.Configuration, Configuration());
        if (!Directory.Exists(_node[NodePaths.Policy]) || Directory.GetFiles(_node[NodePaths.Policy], "*.yaml").Length == 0)
            yield return NewFile.OfText($"{NodePaths.Policy}/audit.yaml", SetupFiles.Policy);
        foreach (var unit in Units(program is not null))
            yield return unit;
        if (options.Modprobe)
            yield return NewFile.OfText(NodePaths.Modprobe, ModprobeRules.Write(ShippedProfiles.KernelModules, options.Keep), shown: true);
    }

    private IEnumerable<Change> Units(bool own)
    {
        if (own)
        {
            yield return NewFile.OfText($"{NodePaths.Units}/{NodePaths.SocketUnit}", SetupFiles.Socket);
            yield return NewFile.OfText($"{NodePaths.Units}/{NodePaths.ServiceUnit}", SetupFiles.Service);
        }

        string units = own ? NodePaths.Units : "/lib/systemd/system";
        if (!SetupFiles.Socket.Contains($"ListenStream={_found.Listen.Path}\n", StringComparison.Ordinal))
        {
            yield return new NewDirectory($"{NodePaths.Units}/{NodePaths.SocketUnit}.d");
            yield return NewFile.OfText($"{NodePaths.Units}/{NodePaths.SocketUnit}.d/path.conf", $"[Socket]\nListenStream=\nListenStream={_found.Listen.Path}\n");
        }

        // What `systemctl enable` would make.
        foreach (var (target, unit) in ((string, string)[])[("sockets.target", NodePaths.SocketUnit), ("multi-user.target", NodePaths.ServiceUnit)])
        {
            yield return new NewDirectory($"{NodePaths.Units}/{target}.wants");
            yield return new NewLink($"{NodePaths.Units}/{target}.wants/{unit}", $"{units}/{unit}");
        }
    }

    private string Configuration()
    {
        string text = YamlEdit.Set(SetupFiles.Configuration, "listen", $"{_found.Listen}");
        text = YamlEdit.Set(text, "runtimeEndpoint", $"{_found.Runtime}");
        if (_found.Images is not null)
            text = YamlEdit.Set(text, "imageEndpoint", $"{_found.Images}");
        return _found.Kubelet?.PodLogs is { } logs ? YamlEdit.Set(text, "podLogsDir", logs) : text;
    }

    private NewFile Crictl()
    {
        string path = _node.Real(NodePaths.Crictl);
        string text = _node.Read(path) ?? "";
        try
        {
            string pointed = YamlEdit.Set(text, "runtime-endpoint", $"{_found.Listen}");
            if (YamlEdit.Get(text, "image-endpoint") is not null)
                pointed = YamlEdit.Set(pointed, "image-endpoint", $"{_found.Listen}");
            return NewFile.OfText(path, pointed, shown: true);
        }
        catch (InvalidDataException e)
        {
            throw new SetupException($"`{path}`: {e.Message}", e);
        }
    }
}
