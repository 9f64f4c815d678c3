using CriGuard.Daemon;
using CriGuard.Store.Configuration;

namespace CriGuard.Setup;

/// <summary>Puts the node back to what it was before CriGuard: first the kubelet, then the rest.</summary>
/// <param name="node">Its files.</param>
/// <param name="systemctl">Its services.</param>
/// <param name="time">For waiting.</param>
/// <param name="say">For people.</param>
internal sealed class Removal(NodePaths node, Systemctl systemctl, TimeProvider time, Action<string> say)
{
    private static readonly string[] Kept = ["/etc/criguard", "/var/lib/criguard"];

    /// <exception cref="SetupException">The kubelet is not well afterwards; its files are what they were, and CriGuard is still there.</exception>
    public async Task RunAsync(bool purge, TimeSpan wait, CancellationToken cancelled)
    {
        var record = new NodeRecord(node);
        var endpoints = Endpoints();
        bool kubelet = record.Touches(Owner.Kubelet);
        record.UndoAll(static owner => owner is not Owner.CriGuard, endpoints, say);
        if (kubelet)
        {
            systemctl.Run("restart", Survey.KubeletUnit);
            await new NodeHealth(node, systemctl, wait, time).KubeletAsync(await KubeletAsync(cancelled), through: false, cancelled);
            say($"the kubelet is back on {endpoints.Runtime}");
        }

        systemctl.Try("stop", NodePaths.SocketUnit, NodePaths.ServiceUnit);
        record.UndoAll(static _ => true, endpoints, purge ? static _ => { } : say);
        record.Remove();
        Installation.Stop(systemctl, node);
        foreach (string directory in Kept.Where(directory => Directory.Exists(node[directory])))
        {
            if (purge)
                Directory.Delete(node[directory], recursive: true);
            else
                say($"left: {directory} (`--purge` removes it)");
        }
    }

    private async Task<Kubelet> KubeletAsync(CancellationToken cancelled) =>
        (await Survey.MakeAsync(node, systemctl, new InstallOptions(), cancelled)).Kubelet!;

    private Endpoints Endpoints()
    {
        var errors = new List<string>();
        var file = node.Read(NodePaths.Configuration) is null ? null : ConfigurationFile.Read(node[NodePaths.Configuration], errors);
        return UnixEndpoint.TryParse(file?["listen"], out var listen, out _) && UnixEndpoint.TryParse(file?["runtimeEndpoint"], out var runtime, out _)
            ? new Endpoints($"{listen}", $"{runtime}")
            : throw new SetupException($"`{NodePaths.Configuration}` must say `listen` and `runtimeEndpoint`, so that what points to CriGuard can be pointed back");
    }
}
