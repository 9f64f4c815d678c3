using System.Collections.Immutable;
using System.Globalization;
using CriGuard.Store.Configuration;

namespace CriGuard.Setup;

/// <summary>
/// What a kubelet was told of its runtime, and where: flags win over the drop-in directory, whose later files win, and that over the configuration
/// file.
/// </summary>
internal sealed class Kubelet
{
    private const string DefaultEndpoint = "unix:///run/containerd/containerd.sock";

    private readonly NodePaths _node;
    private readonly ImmutableArray<string> _arguments;
    private readonly ImmutableArray<string> _environmentFiles;

    /// <param name="node">For its files.</param>
    /// <param name="arguments">Its command line.</param>
    /// <param name="environmentFiles">Those of its unit, where kubeadm and packages put flags.</param>
    public Kubelet(NodePaths node, IEnumerable<string> arguments, IEnumerable<string> environmentFiles)
    {
        (_node, _arguments, _environmentFiles) = (node, [.. arguments], [.. environmentFiles]);
    }

    /// <summary>Where it looks for the runtime now.</summary>
    public string Endpoint => Setting("container-runtime-endpoint", "containerRuntimeEndpoint") is { Length: > 0 } endpoint ? endpoint : DefaultEndpoint;

    /// <summary>Where it looks for images; null where that is the runtime's socket.</summary>
    public string? ImageEndpoint => Setting("image-service-endpoint", "imageServiceEndpoint") is { Length: > 0 } endpoint ? endpoint : null;

    /// <summary>Whether it asks for the runtime's own profile where a pod asks for no seccomp.</summary>
    public bool SeccompDefault => Setting("seccomp-default", "seccompDefault") == "true";

    public string? PodLogs => Setting("pod-logs-dir", "podLogsDir");

    /// <summary>Address and port that it says on whether it is healthy; null where it does not.</summary>
    public (string Address, int Port)? Healthz
    {
        get
        {
            int port = int.TryParse(Setting("healthz-port", "healthzPort"), NumberStyles.None, CultureInfo.InvariantCulture, out int read) ? read : 10248;
            return port == 0 ? null : (Setting("healthz-bind-address", "healthzBindAddress") ?? "127.0.0.1", port);
        }
    }

    /// <summary>The files that have to change for it to look at another socket, the image service's where it is named.</summary>
    /// <exception cref="SetupException">It is told in a way that only a person can change.</exception>
    public IEnumerable<Change> PointTo(string endpoint)
    {
        var texts = new Dictionary<string, string>();
        Point(texts, "container-runtime-endpoint", "containerRuntimeEndpoint", endpoint);
        if (ImageEndpoint is not null)
            Point(texts, "image-service-endpoint", "imageServiceEndpoint", endpoint);
        // What kubeadm writes into the configuration with its next upgrade.
        if (Get(NodePaths.KubeadmInstance, "containerRuntimeEndpoint") is not null)
            texts[_node.Real(NodePaths.KubeadmInstance)] = YamlEdit.Set(_node.Read(NodePaths.KubeadmInstance)!, "containerRuntimeEndpoint", endpoint);
        return texts.Select(static t => NewFile.OfText(t.Key, t.Value, shown: true));
    }

    private void Point(Dictionary<string, string> texts, string flag, string key, string endpoint)
    {
        if (Flag(flag) is { } given)
        {
            string file = _environmentFiles.FirstOrDefault(file => _node.Read(file)?.Contains($"--{flag}={given}", StringComparison.Ordinal) == true)
                ?? throw new SetupException($"the kubelet gets `--{flag}` from neither of {string.Join(", ", _environmentFiles.Select(static f => $"`{f}`").DefaultIfEmpty("its environment files"))}: take the flag out of its unit, so that its configuration file decides");
            string real = _node.Real(file);
            texts[real] = (texts.GetValueOrDefault(real) ?? _node.Read(file)!).Replace($"--{flag}={given}", $"--{flag}={endpoint}", StringComparison.Ordinal);
            return;
        }

        string place = PlaceOf(key);
        string path = _node.Real(place);
        try
        {
            texts[path] = YamlEdit.Set(texts.GetValueOrDefault(path) ?? _node.Read(place) ?? "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n", key, endpoint);
        }
        catch (InvalidDataException e)
        {
            throw new SetupException($"cannot set `{key}` in `{place}`: {e.Message}", e);
        }
    }

    /// <summary>The file that decides over a key; where none has it, a drop-in of ours if there is a directory for such, else the configuration.</summary>
    private string PlaceOf(string key) =>
        DropIns().LastOrDefault(file => Get(file, key) is not null)
        ?? (Flag("config-dir") is { } directory ? $"{directory}/99-criguard.conf" : Flag("config"))
        ?? throw new SetupException("the kubelet has neither a configuration file nor `--container-runtime-endpoint`: start it with `--config`");

    private string? Setting(string flag, string key) =>
        Flag(flag) ?? DropIns().Select(file => Get(file, key)).LastOrDefault(static value => value is not null) ?? (Flag("config") is { } file ? Get(file, key) : null);

    private IEnumerable<string> DropIns() => Flag("config-dir") is { } directory && Directory.Exists(_node[directory])
        ? Directory.GetFiles(_node[directory], "*.conf", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(_node[directory], path)).Order(StringComparer.Ordinal).Select(name => $"{directory}/{name}")
        : [];

    private string? Get(string file, string key)
    {
        try
        {
            return _node.Read(file) is { } text ? YamlEdit.Get(text, key) : null;
        }
        catch (InvalidDataException e)
        {
            throw new SetupException($"`{file}`: {e.Message}", e);
        }
    }

    /// <summary>`--name=value`, `--name value`, or `--name` alone, which is true; the last one counts.</summary>
    private string? Flag(string name)
    {
        for (int i = _arguments.Length - 1; i > 0; i--)
        {
            if (_arguments[i].StartsWith($"--{name}=", StringComparison.Ordinal))
                return _arguments[i][(name.Length + 3)..];
            if (_arguments[i] == $"--{name}")
                return i + 1 < _arguments.Length && !_arguments[i + 1].StartsWith('-') ? _arguments[i + 1] : "true";
        }

        return null;
    }
}
