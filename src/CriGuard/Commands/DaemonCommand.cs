using System.CommandLine;
using System.Runtime.InteropServices;
using CriGuard.Core.Workloads;
using CriGuard.Daemon;
using CriGuard.Linux.AppArmor;
using CriGuard.Linux.Systemd;
using CriGuard.Output;
using CriGuard.Store.Events;
using Microsoft.Extensions.Logging;

namespace CriGuard.Commands;

/// <summary>`criguard daemon`: stands between the kubelet and the runtime until it is told to stop.</summary>
internal static class DaemonCommand
{
    private const int Failed = 1;

    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = $"configuration file (default: {DaemonOptions.DefaultConfigurationFile} where it exists); flags win over it", HelpName = "FILE" };
        var flags = new Dictionary<string, Option<string?>>
        {
            ["listen"] = Flag("--listen", "unix://PATH", "socket that the kubelet is pointed to"),
            ["runtimeEndpoint"] = Flag("--runtime-endpoint", "unix://PATH", "socket of containerd or CRI-O"),
            ["imageEndpoint"] = Flag("--image-endpoint", "unix://PATH", "socket of the image service, where it is not the runtime's"),
            ["policy"] = Flag("--policy", "FILE|DIR", "policy file, or a directory of *.yaml files; changes are taken within seconds, at once on SIGHUP"),
            ["stateDir"] = Flag("--state-dir", "DIR", $"directory of the event log (default: {DaemonOptions.DefaultStateDirectory})"),
            ["podLogsDir"] = Flag("--pod-logs-dir", "DIR", $"`podLogsDir` of the kubelet's configuration (default: {NodeFacts.DefaultPodLogs})"),
            ["node"] = Flag("--node", "NAME", "name of this node in events (default: the host name)"),
            ["drainSeconds"] = Flag("--drain-seconds", "N", "time for calls in flight after SIGTERM (default: 20)"),
            ["reconcileSeconds"] = Flag("--reconcile-seconds", "N", "how often the runtime's containers are compared with the event log (default: 60; 0: only at the start)"),
            ["lifeSeconds"] = Flag("--life-seconds", "N", "how often exits are looked for, and what others stop and remove (default: 5; 0: never)"),
            ["logMegabytes"] = Flag("--log-megabytes", "N", "size of the event log beyond which its oldest segments are removed (default: 1024; 0: never)"),
            ["logDays"] = Flag("--log-days", "N", "age beyond which events are removed (default: 0, never)"),
            ["whenLogFails"] = Flag("--when-log-fails", "refuse|go-on", "what becomes of permitted calls while the event log cannot be written (default: refuse)"),
            ["appArmor"] = Flag("--app-armor", "shipped|off|DIR", "AppArmor profiles that are loaded at start: those inside of criguard, none, or those of a directory too (default: shipped)"),
        };
        var verbose = new Option<bool>("--verbose") { Description = "log each judged call too" };
        var command = new Command("daemon", "stand between the kubelet and the container runtime") { config, verbose };
        foreach (var flag in flags.Values)
            command.Add(flag);
        command.SetAction((parsed, cancelled) =>
        {
            var values = flags.ToDictionary(static f => f.Key, f => parsed.GetValue(f.Value));
            return RunAsync(values, parsed.GetValue(config), parsed.GetValue(verbose), cancelled);
        });
        return command;
    }

    /// <summary>The socket that systemd holds for us over restarts, where there is one; else our own.</summary>
    private static ListeningSocket Listening(DaemonOptions options) => SocketActivation.TakeFromEnvironment() switch
    {
        [] => ListeningSocket.Bind(options.Listen),
        [var socket] => ListeningSocket.Inherit(socket),
        var sockets => throw new StartException($"systemd passed {sockets.Count} sockets: criguard.socket must have one ListenStream line"),
    };

    private static Option<string?> Flag(string name, string value, string description) => new(name) { HelpName = value, Description = description };

    private static async Task<int> RunAsync(Dictionary<string, string?> flags, string? config, bool verbose, CancellationToken stop)
    {
        try
        {
            var options = DaemonOptionsBuilder.Build(flags, config);
            bool journal = Environment.GetEnvironmentVariable("JOURNAL_STREAM") is not null;
            var log = new StderrLogger(Console.Error, verbose ? LogLevel.Debug : LogLevel.Information, TimeProvider.System, journal);
            using var daemon = new GuardDaemon(options, TimeProvider.System, log);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
            {
                signal.Cancel = true;
                _ = daemon.ReloadAsync();
            });
            new AppArmorProfiles(new AppArmorReader(), new AppArmorParser()).Load(options.AppArmor, log);
            using var listening = Listening(options);
            var service = SystemdNotify.FromEnvironment();
            service.Ready();
            stop.Register(() => service.Stopping());
            using var watchdog = SystemdNotify.WatchdogPeriodFromEnvironment() is { } period ? new Watchdog(options, service, period, TimeProvider.System, log) : null;
            var watching = watchdog?.RunAsync(stop) ?? Task.CompletedTask;
            await daemon.RunAsync(listening, stop);
            await watching;
            return 0;
        }
        catch (Exception e) when (e is StartException or EventLogException)
        {
            foreach (string line in e.Message.Split('\n'))
                await Console.Error.WriteLineAsync($"criguard: {line}");
            return Failed;
        }
    }
}
