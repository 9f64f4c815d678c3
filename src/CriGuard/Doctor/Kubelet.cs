using System.Collections.Immutable;
using CriGuard.Core.Sandboxes;
using CriGuard.Store.Configuration;

namespace CriGuard.Doctor;

/// <summary>The kubelet that runs on the node and what it was told: a flag wins over the drop-ins, these over the file.</summary>
internal sealed record Kubelet
{
    private const string DefaultEndpoint = "unix:///run/containerd/containerd.sock";

    public required int Pid { get; init; }

    /// <summary>`containerRuntimeEndpoint`, and the kubelet's default where it is not set.</summary>
    public string RuntimeEndpoint { get; private init; } = DefaultEndpoint;

    /// <summary>`imageServiceEndpoint`; the runtime's where it is not set.</summary>
    public string ImageEndpoint { get; private init; } = DefaultEndpoint;

    public bool SeccompDefault { get; private init; }

    /// <summary>Why its configuration cannot be relied on; empty where it can.</summary>
    public string Problem { get; private init; } = "";

    /// <summary>Null where none runs.</summary>
    /// <param name="processes">Those of the node.</param>
    /// <param name="root">What the kubelet's paths are below.</param>
    public static Kubelet? Find(IEnumerable<NodeProcess> processes, string root) =>
        processes.Where(static p => p.Name == "kubelet").MinBy(static p => p.Pid) is { } found ? Read(found, root) : null;

    private static Kubelet Read(NodeProcess process, string root)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var problem = "";
        try
        {
            foreach (var file in Files(process.Arguments, root))
            {
                foreach (var (key, value) in KubeletFile.Read(file))
                    values[key] = value;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            problem = e.Message;
        }

        var endpoint = Flag(process.Arguments, "container-runtime-endpoint") ?? NotEmpty("containerRuntimeEndpoint") ?? DefaultEndpoint;
        return new Kubelet
        {
            Pid = process.Pid,
            RuntimeEndpoint = endpoint,
            ImageEndpoint = Flag(process.Arguments, "image-service-endpoint") ?? NotEmpty("imageServiceEndpoint") ?? endpoint,
            SeccompDefault = (Flag(process.Arguments, "seccomp-default") ?? NotEmpty("seccompDefault")) == "true",
            Problem = problem,
        };

        string? NotEmpty(string key) => values.GetValueOrDefault(key) is { Length: > 0 } value ? value : null;
    }

    /// <summary>The file, then its drop-ins by name: what comes later wins.</summary>
    private static IEnumerable<string> Files(ImmutableArray<string> arguments, string root)
    {
        if (Flag(arguments, "config") is { } file)
            yield return root + file;
        if (Flag(arguments, "config-dir") is not { } directory)
            yield break;
        foreach (var dropIn in Directory.EnumerateFiles(root + directory, "*.conf", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
            yield return dropIn;
    }

    /// <summary>`--name=value`, `--name value`, or `--name` alone, which is true; the last one counts.</summary>
    private static string? Flag(ImmutableArray<string> arguments, string name)
    {
        string? value = null;
        for (var i = 1; i < arguments.Length; i++)
        {
            var (flag, given) = arguments[i].Split('=', 2) is [var before, var after] ? (before, after) : (arguments[i], null);
            if (flag != $"--{name}" && flag != $"-{name}")
                continue;
            value = given ?? (i + 1 < arguments.Length && !arguments[i + 1].StartsWith('-') ? arguments[i + 1] : "true");
        }

        return value;
    }
}
