using System.Collections.Immutable;
using CriGuard.Core.Policy.Mounts;
using CriGuard.Core.Workloads;
using CriGuard.Linux;
using CriGuard.Linux.Mounts;
using CriGuard.Linux.Processes;

namespace CriGuard.Daemon;

/// <summary>
/// What the node has at the paths that requests name: where mounts lead, what devices are, which image references are files too. Asked anew
/// for every call, since nodes and links are made while we run (T-K3); never longer than it may take (T-M13).
/// </summary>
/// <param name="mounts">Gives the mounts that the runtime has, or null.</param>
/// <param name="time">For the time that an answer may take.</param>
internal sealed class HostPaths(Func<MountView?> mounts, TimeProvider time)
{
    /// <summary>What does not answer until then is not known.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private const string Hidden = "the runtime's process cannot be seen: the daemon needs the node's processes and CAP_SYS_PTRACE";

    private readonly HostPathResolver _resolver = new();
    private readonly DeviceReader _devices = new();

    /// <summary>CreateContainer: the mounts with their targets, and the node with what it has of images and devices.</summary>
    public async Task<(NodeFacts Node, ContainerFacts Facts)> LookAsync(NodeFacts node, ContainerFacts facts)
    {
        ImmutableArray<ImageFacts> images = [facts.Image, .. facts.ImageVolumes.Select(static v => v.Image)];
        var devices = PathsOf(facts.Devices);
        var (view, look) = await FollowAsync([.. HostPathsOf(facts.Mounts), .. images.Select(PathOf), .. devices], Known(node, facts.Mounts));
        return (
            With(node, look, images) with { Devices = devices.ToImmutableDictionary(static path => path, path => Device(view, look.Targets[path])) },
            facts with { Mounts = With(facts.Mounts, look) });
    }

    /// <summary>StartContainer: the same of what was asked for, and of the spec that is started, whose devices are numbers.</summary>
    public async Task<(NodeFacts Node, StartFacts Facts)> LookAsync(NodeFacts node, StartFacts facts)
    {
        if (facts.Spec is not { } spec)
            return (node, facts);
        ImmutableArray<MountFacts> all = [.. spec.Mounts, .. facts.Asked?.Mounts ?? []];
        var devices = PathsOf(facts.Asked?.Devices ?? []);
        var joined = spec.NamespacePaths.Values.Where(static path => !NamespaceReader.IsOfProcess(path));
        var (view, look) = await FollowAsync([.. HostPathsOf(all), .. devices, .. joined], Known(node, all));
        var asked = devices.Select(path => KeyValuePair.Create(path, Device(view, look.Targets[path])));
        var numbers = spec.Devices.Select(static d => (d.Kind, d.Major, d.Minor))
            .Concat(spec.AllowedDevices.Where(static d => d.Minor is not null).Select(static d => (d.Kind, d.Major, Minor: d.Minor ?? 0))).Distinct();
        var made = numbers.Select(d => KeyValuePair.Create(DeviceNode.NumberOf(d.Kind, d.Major, d.Minor), _devices.Read(d.Kind, d.Major, d.Minor)));
        return (
            With(node, look, []) with { Devices = asked.Concat(made).ToImmutableDictionary() },
            facts with
            {
                Spec = (spec with { Mounts = With(spec.Mounts, look) }).Knowing(kind => IsOfTheNode(kind, spec.NamespacePaths[kind], look)),
                Asked = facts.Asked is { } request ? request with { Mounts = With(request.Mounts, look) } : null,
            });
    }

    private bool? IsOfTheNode(string kind, string path, HostLook look) => mounts() is not { } view ? null
        : NamespaceReader.IsOfProcess(path) ? NamespaceReader.IsOfTheNode(view, kind, path)
        : look.Targets.GetValueOrDefault(path) is { Kind: not HostFileKind.Unknown } target ? NamespaceReader.IsOfTheNode(view, kind, target.Path)
        : null;

    /// <summary>From where a file of the node can be opened here; null where the path is none, or does not answer.</summary>
    public async Task<string?> FileAsync(string path)
    {
        var (view, look) = await FollowAsync([path], []);
        return look.Targets.GetValueOrDefault(path) is { Kind: HostFileKind.File } target ? view.Root + target.Path : null;
    }

    /// <summary>PullImage: whether the reference is a file of the node.</summary>
    public async Task<NodeFacts> LookAsync(NodeFacts node, ImageFacts image) => With(node, (await FollowAsync([PathOf(image)], [])).Look, [image]);

    private async Task<(MountView View, HostLook Look)> FollowAsync(List<string> paths, List<string> known)
    {
        paths.RemoveAll(static p => p.Length == 0);
        if (paths.Count == 0)
            return (MountView.Own, HostLook.Nothing);
        return mounts() is { } view ? (view, await _resolver.LookAsync(view, paths, known, Patience, time)) : (MountView.Own, HostLook.Blind(paths, Hidden));
    }

    /// <summary>The well-known paths, where a mount may lead to one.</summary>
    private static List<string> Known(NodeFacts node, ImmutableArray<MountFacts> asked) => asked.IsEmpty ? [] : [.. ProtectedPaths.Known(node)];

    private static List<string> PathsOf(ImmutableArray<DeviceRequest> devices) =>
        [.. devices.Select(static d => d.HostPath).Where(static p => p.Length > 0).Distinct(StringComparer.Ordinal)];

    private static IEnumerable<string> HostPathsOf(ImmutableArray<MountFacts> asked) => asked.Select(static m => m.HostPath);

    private static ImmutableArray<MountFacts> With(ImmutableArray<MountFacts> asked, HostLook look) =>
        [.. asked.Select(mount => mount with { Target = look.Targets.GetValueOrDefault(mount.HostPath) })];

    private static NodeFacts With(NodeFacts node, HostLook look, ImmutableArray<ImageFacts> images) => node with
    {
        PathNames = look.Names,
        Paths = [.. images.Where(image => look.Targets.TryGetValue(PathOf(image), out var target) && target.Kind != HostFileKind.Missing).Select(static i => i.Reference)],
    };

    /// <summary>Runtimes look for a file of that name from their own working directory, which systemd makes the root.</summary>
    private static string PathOf(ImageFacts image) => image.Reference.Length == 0 ? "" : Path.Combine("/", image.Reference);

    private DeviceNode Device(MountView view, HostTarget target) => target.Kind switch
    {
        HostFileKind.Device => _devices.Read(view.Root + target.Path),
        HostFileKind.Directory => new DeviceNode(DeviceKind.Directory),
        HostFileKind.Missing => new DeviceNode(DeviceKind.Missing),
        _ => new DeviceNode(DeviceKind.Other),
    };
}
