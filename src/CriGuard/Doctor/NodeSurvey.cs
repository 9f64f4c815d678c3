using System.Collections.Immutable;
using CriGuard.Core.Sandboxes;
using CriGuard.Cri.Facts;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Linux;
using CriGuard.Linux.AppArmor;
using CriGuard.Linux.Processes;
using CriGuard.Linux.Sockets;
using CriGuard.Setup;
using CriGuard.Store.Events;
using CriGuard.Store.Policies;
using CriGuard.Store.Status;

namespace CriGuard.Doctor;

/// <summary>Asks a node for all that the checks think about; changes nothing.</summary>
/// <param name="root">What its paths are below: empty but for tests.</param>
/// <param name="time">For what is expired and stale.</param>
internal sealed class NodeSurvey(string root, TimeProvider time)
{
    private const string NriSocket = "/run/nri/nri.sock";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly string _proc = $"{root}/proc";

    /// <param name="options">What the daemon is told.</param>
    /// <param name="cancelled">Ends when nobody waits any more.</param>
    public async Task<NodeState> LookAsync(DaemonOptions options, CancellationToken cancelled)
    {
        var runtime = await RuntimeAsync(options.Runtime, cancelled);
        var processes = new ProcessTable(_proc).Read();
        return new NodeState
        {
            Now = time.GetUtcNow(),
            Version = StatusReport.Version,
            Options = options,
            Status = Status(options.StateDirectory),
            Files = Files(options),
            Policy = PolicyReader.Read(options.Policy),
            Log = Log(options, cancelled),
            Kubelet = RunningKubelet.Find(processes.Values.Where(IsOfNode), new NodePaths(root.Length == 0 ? "/" : root)),
            Connections = Connections(options, processes),
            Runtime = runtime,
            Host = Host(runtime, processes),
        };
    }

    private static DaemonStatus? Status(string directory)
    {
        try
        {
            return new StatusFile(directory).Read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return null;
        }
    }

    private static GateFiles Files(DaemonOptions options) => new()
    {
        Listen = FileAccessReader.Read(options.Listen.Path), Runtime = FileAccessReader.Read(options.Runtime.Path), State = FileAccessReader.Read(options.StateDirectory),
    };

    private static LogState Log(DaemonOptions options, CancellationToken cancelled)
    {
        long? free = Directory.Exists(options.StateDirectory) ? new DriveInfo(options.StateDirectory).AvailableFreeSpace : null;
        try
        {
            return new LogState(LogVerifier.Verify(options.EventDirectory, cancelled), FreeBytes: free);
        }
        catch (EventLogException e)
        {
            return new LogState(Problem: e.Message, FreeBytes: free);
        }
    }

    /// <summary>A process of a container may have any name.</summary>
    private bool IsOfNode(NodeProcess process)
    {
        var reader = new ProcessReader(_proc);
        return reader.ReadNamespace(process.Pid, "pid") == reader.ReadNamespace(Environment.ProcessId, "pid");
    }

    private Connections Connections(DaemonOptions options, ImmutableDictionary<int, NodeProcess> processes)
    {
        var clients = new SocketClients(_proc);
        return new Connections(clients.Of(options.Listen.Path), clients.Of(options.Runtime.Path), processes.ToDictionary(static p => p.Key, static p => p.Value.Executable));
    }

    private async Task<RuntimeState?> RuntimeAsync(UnixEndpoint endpoint, CancellationToken cancelled)
    {
        using var gate = new RuntimeGate(endpoint);
        var questions = new RuntimeQuestions(gate, gate);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        await using var timer = time.CreateTimer(_ => limit.Cancel(), state: null, Patience, Timeout.InfiniteTimeSpan);
        try
        {
            var version = await questions.VersionAsync(RuntimeQuestions.OfOurOwn, limit.Token);
            var status = await questions.StatusAsync(RuntimeQuestions.OfOurOwn, limit.Token);
            return new RuntimeState($"{version.RuntimeName} {version.RuntimeVersion}", HandlersReader.Read(status), RuntimeSettings.Read(status));
        }
        catch (Exception e) when (e is CannotJudgeException or OperationCanceledException && !cancelled.IsCancellationRequested)
        {
            return null;
        }
    }

    private HostState Host(RuntimeState? runtime, ImmutableDictionary<int, NodeProcess> processes)
    {
        var host = new HostFiles(root);
        var connected = (new SocketClients(_proc).Of(root + NriSocket) ?? []).Where(pid => processes.GetValueOrDefault(pid)?.Name is not ("containerd" or "crio"))
            .Select(pid => $"{processes.GetValueOrDefault(pid)?.Executable} (pid {pid})");
        return new HostState
        {
            AppArmor = new AppArmorReader($"{root}/sys").ReadEnforced(),
            NriPlugins = [.. host.NriPlugins, .. connected],
            HookFiles = runtime?.Name.StartsWith("containerd", StringComparison.Ordinal) == true ? [] : host.Hooks,
            CdiFiles = host.CdiSpecs(runtime?.Settings?.CdiDirectories),
            LoadableModules = host.LoadableModules(),
            ModulesDisabled = host.ModulesDisabled,
            ClockIsSynchronised = KernelClock.IsSynchronised(),
        };
    }
}
