using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;
using CriGuard.Daemon;
using CriGuard.Grpc.Calls;
using CriGuard.Linux.Processes;
using CriGuard.Store.Configuration;

namespace CriGuard.Setup;

/// <summary>What was found on the node; nothing of it is changed by looking.</summary>
/// <param name="Kubelet">The one that runs; null where it is to be left alone.</param>
/// <param name="KubeletPid">Its process.</param>
/// <param name="Runtime">Socket of the runtime.</param>
/// <param name="RuntimeName">Name and version, as it says.</param>
/// <param name="Images">Socket of the image service, where it is another.</param>
/// <param name="Listen">Socket of CriGuard.</param>
internal sealed record Survey(Kubelet? Kubelet, int KubeletPid, UnixEndpoint Runtime, string RuntimeName, UnixEndpoint? Images, UnixEndpoint Listen)
{
    public const string KubeletUnit = "kubelet.service";

    private static readonly UnixEndpoint Ours = new("/run/criguard/criguard.sock");

    /// <summary>The kubelet takes its statistics of CRI-O from elsewhere, which it tells by the end of the socket's path (pkg/kubelet/cadvisor).</summary>
    private static readonly UnixEndpoint OursForCrio = new("/run/criguard/run/crio/crio.sock");

    private static readonly UnixEndpoint[] Usual = [new("/run/containerd/containerd.sock"), new("/run/crio/crio.sock")];

    /// <exception cref="SetupException">Something that is needed is not there.</exception>
    public static async Task<Survey> MakeAsync(NodePaths node, Systemctl systemctl, InstallOptions options, CancellationToken cancelled)
    {
        int pid = options.WithoutKubelet ? 0 : systemctl.MainPid(KubeletUnit);
        if (pid == 0 && !options.WithoutKubelet)
            throw new SetupException($"`{KubeletUnit}` does not run: start it, or give `--without-kubelet` and point it to CriGuard when you set it up");
        var kubelet = pid == 0 ? null : new Kubelet(node, new ProcessReader(node["/proc"]).ReadArguments(pid), EnvironmentFiles(systemctl));
        var configured = Configured(node);
        var present = kubelet is null ? null : Parse(kubelet.Endpoint, "the kubelet's");
        var runtime = options.Runtime ?? configured?.Runtime ?? (present == Ours || present == OursForCrio ? null : present) ?? UsualOne(node);
        if (configured is { } set && set.Runtime != runtime)
            throw new SetupException($"`{NodePaths.Configuration}` has `runtimeEndpoint: {set.Runtime}`, but `--runtime-endpoint` is {runtime}: change one of them");
        if (present is not null && present != runtime && present != Ours && present != OursForCrio)
            throw new SetupException($"the kubelet uses {present}, but CriGuard is to stand before {runtime}: change `runtimeEndpoint` in `{NodePaths.Configuration}`, or the kubelet's");
        string name = await NameAsync(node, runtime, cancelled);
        var listen = configured?.Listen ?? (name.StartsWith("cri-o ", StringComparison.Ordinal) ? OursForCrio : Ours);
        var images = kubelet?.ImageEndpoint is { } given ? Parse(given, "the kubelet's image") : null;
        return new Survey(kubelet, pid, runtime, name, images is null || images == runtime || images == listen ? null : images, listen);
    }

    /// <summary>Asks a CRI socket who it is.</summary>
    /// <exception cref="SetupException">It does not answer.</exception>
    public static async Task<string> NameAsync(NodePaths node, UnixEndpoint endpoint, CancellationToken cancelled)
    {
        using var channel = new RuntimeChannel(node[endpoint.Path]);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        try
        {
            var reply = await channel.CallAsync("/runtime.v1.RuntimeService/Version", ReadOnlyMemory<byte>.Empty, headers: null, limit.Token);
            return reply.Status.IsOk && Received.TryParseMessage<VersionResponse>(reply.Message.Span, out var version)
                ? $"{version.RuntimeName} {version.RuntimeVersion}"
                : throw new SetupException($"nothing answers on {endpoint}: {reply.Status.Message}");
        }
        catch (OperationCanceledException e) when (!cancelled.IsCancellationRequested)
        {
            throw new SetupException($"nothing answers on {endpoint} within 10 s", e);
        }
    }

    private static UnixEndpoint UsualOne(NodePaths node) => Usual.Where(endpoint => Path.Exists(node[endpoint.Path])).ToList() switch
    {
        [var only] => only,
        [] => throw new SetupException($"there is no runtime at {string.Join(" or ", Usual.Select(static e => $"{e}"))}: start it, or give `--runtime-endpoint`"),
        _ => throw new SetupException($"there is more than one runtime ({string.Join(", ", Usual.Select(static e => $"{e}"))}): give `--runtime-endpoint`"),
    };

    private static (UnixEndpoint Listen, UnixEndpoint Runtime)? Configured(NodePaths node)
    {
        if (node.Read(NodePaths.Configuration) is null)
            return null;
        var errors = new List<string>();
        var file = ConfigurationFile.Read(node[NodePaths.Configuration], errors);
        return errors.Count == 0
            ? (Parse(file["listen"] ?? "", $"`listen` of `{NodePaths.Configuration}`:"), Parse(file["runtimeEndpoint"] ?? "", $"`runtimeEndpoint` of `{NodePaths.Configuration}`:"))
            : throw new SetupException(string.Join('\n', errors));
    }

    private static UnixEndpoint Parse(string text, string whose) =>
        UnixEndpoint.TryParse(text, out var endpoint, out string error) ? endpoint : throw new SetupException($"{whose} endpoint {error}");

    // /var/lib/kubelet/kubeadm-flags.env (ignore_errors=yes)
    private static IEnumerable<string> EnvironmentFiles(Systemctl systemctl) =>
        systemctl.Property(KubeletUnit, "EnvironmentFiles").Select(static line => line.Split(" (")[0]).Where(static path => path.StartsWith('/'));
}
