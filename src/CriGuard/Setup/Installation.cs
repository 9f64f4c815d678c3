using System.Net.Sockets;
using CriGuard.Linux;
using CriGuard.Store.Policies;

namespace CriGuard.Setup;

/// <summary>
/// Puts CriGuard between the kubelet and its runtime, and takes everything back where the node is not well afterwards. Nothing is changed before
/// all checks have passed; the kubelet is pointed to the daemon last, when that answers.
/// </summary>
/// <param name="node">Its files.</param>
/// <param name="systemctl">Its services.</param>
/// <param name="time">For waiting.</param>
/// <param name="say">For people.</param>
internal sealed class Installation(NodePaths node, Systemctl systemctl, TimeProvider time, Action<string> say)
{
    private const string State = "/var/lib/criguard";

    /// <summary>Looks, checks, and says what would be done.</summary>
    /// <exception cref="SetupException">It cannot be done; nothing was changed.</exception>
    public async Task<(Survey Found, InstallPlan Plan)> PlanAsync(InstallOptions options, byte[]? program, CancellationToken cancelled)
    {
        var found = await Survey.MakeAsync(node, systemctl, options, cancelled);
        var plan = new InstallPlan(node, found, options, program);
        if (Directory.Exists(node[NodePaths.Policy]) && Directory.GetFiles(node[NodePaths.Policy], "*.yaml").Length > 0
            && PolicyReader.Read(node[NodePaths.Policy]) is { Policy: null } reading)
            throw new SetupException($"the policy has errors:\n{string.Join('\n', reading.Errors)}");
        if (!new NodeRecord(node).IsInstalled)
            CheckFree(found);
        if (found.Kubelet is { } kubelet && plan.Changes.Count > 0)
            await new NodeHealth(node, systemctl, options.Wait, time).KubeletAsync(kubelet, through: false, cancelled);
        return (found, plan);
    }

    /// <summary>Undoes what a run that was cut off has left.</summary>
    public void Recover()
    {
        if (!new NodeRecord(node).IsUnfinished)
            return;
        say("a run before this one was cut off: what it did is undone first");
        RollBack();
    }

    /// <summary>Does it.</summary>
    /// <exception cref="SetupException">It was not possible, and the node is as it was before.</exception>
    public async Task ApplyAsync(Survey found, InstallPlan plan, InstallOptions options, CancellationToken cancelled)
    {
        try
        {
            var record = new NodeRecord(node);
            var health = new NodeHealth(node, systemctl, options.Wait, time);
            Make(record, plan, static owner => owner is Owner.CriGuard);
            if (plan.Touches(Owner.CriGuard))
                StartOwn(plan);
            await health.DaemonAsync(found, cancelled);
            say($"the daemon answers on {found.Listen}");
            Make(record, plan, static owner => owner is not Owner.CriGuard);
            if (plan.Touches(Owner.Kubelet))
                systemctl.Run("restart", Survey.KubeletUnit);
            if (found.Kubelet is { } kubelet)
                await health.KubeletAsync(kubelet, through: true, cancelled);
            record.Close();
        }
        catch (Exception e) when (e is SetupException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            say($"{(e is OperationCanceledException ? "interrupted" : e.Message)}: everything is put back");
            RollBack();
            throw new SetupException("not installed: the node is as it was before", e);
        }
    }

    private static void Make(NodeRecord record, InstallPlan plan, Func<Owner, bool> owners)
    {
        foreach (var (owner, change) in plan.Changes.Where(step => owners(step.Of)))
            record.Make(owner, change);
    }

    private void StartOwn(InstallPlan plan)
    {
        systemctl.Run("daemon-reload");
        if (plan.TouchesSocket)
            systemctl.Run("restart", NodePaths.SocketUnit);
        systemctl.Run("restart", NodePaths.ServiceUnit);
    }

    /// <summary>Takes back the run that was not closed; of a first one nothing is left.</summary>
    private void RollBack()
    {
        var record = new NodeRecord(node);
        bool first = !record.IsInstalled;
        bool madeState = record.Made(State);
        bool kubelet = record.RunTouches(Owner.Kubelet);
        record.UndoRun(say);
        systemctl.Try("daemon-reload");
        if (kubelet)
            systemctl.Try("restart", Survey.KubeletUnit);
        if (!first)
        {
            systemctl.Try("restart", NodePaths.ServiceUnit);
            return;
        }

        Stop(systemctl, node);
        record.Remove();
        if (madeState && Directory.Exists(node[State]))
            Directory.Delete(node[State], recursive: true);
    }

    /// <summary>Ends the daemon and its socket; units whose files are gone already are ended too.</summary>
    public static void Stop(Systemctl systemctl, NodePaths node)
    {
        systemctl.Try("stop", NodePaths.SocketUnit, NodePaths.ServiceUnit);
        systemctl.Try("reset-failed", NodePaths.SocketUnit, NodePaths.ServiceUnit);
        systemctl.Try("daemon-reload");
        if (Directory.Exists(node[NodePaths.RuntimeDirectory]))
            Directory.Delete(node[NodePaths.RuntimeDirectory], recursive: true);
    }

    private void CheckFree(Survey found)
    {
        string path = node[found.Listen.Path];
        if (Path.Exists(path) && !FileStat.IsSocket(path))
            throw new SetupException($"`{found.Listen.Path}` is there and is no socket: remove it");
        try
        {
            if (!Path.Exists(path) || systemctl.IsActive(NodePaths.SocketUnit))
                return;
            new Daemon.UnixEndpoint(path).Dial().Dispose();
        }
        catch (SocketException)
        {
            return;
        }

        throw new SetupException($"another process listens on {found.Listen}: stop it");
    }
}
