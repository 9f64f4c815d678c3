using System.CommandLine;
using CriGuard.Output;
using CriGuard.Setup;

namespace CriGuard.Commands;

/// <summary>`criguard install`: puts this program between the node's kubelet and its runtime.</summary>
internal static class InstallCommand
{
    /// <summary>Where a package puts the program; it brings the units too.</summary>
    private const string Packaged = "/usr/bin/criguard";

    public static Command Create()
    {
        var dryRun = new Option<bool>("--dry-run") { Description = "only say what would be done" };
        var yes = SetupConsole.Yes();
        var runtime = RuntimeEndpoint.Runtime("socket of containerd or CRI-O (default: the one that the kubelet uses now)");
        var withoutKubelet = new Option<bool>("--without-kubelet") { Description = "leave the kubelet alone: it is pointed here when it is set up itself" };
        var modprobe = new Option<bool>("--modprobe") { Description = $"write {NodePaths.Modprobe} too (`criguard profile modprobe`)" };
        var keep = new Option<string[]>("--keep") { HelpName = "MODULE", Description = "with --modprobe: a module that this node needs itself; may be given more than once" };
        var wait = SetupConsole.Wait();
        var command = new Command(
            "install",
            "put CriGuard between this node's kubelet and its runtime (root); takes everything back by itself where the node is not well afterwards; again: upgrade")
        {
            dryRun, yes, runtime, withoutKubelet, modprobe, keep, wait,
        };
        command.SetAction((parsed, cancelled) =>
        {
            var options = new InstallOptions
            {
                Runtime = parsed.GetValue(runtime),
                WithoutKubelet = parsed.GetValue(withoutKubelet),
                Modprobe = parsed.GetValue(modprobe),
                Keep = parsed.GetValue(keep) ?? [],
                Wait = parsed.GetValue(wait),
            };
            var console = new SetupConsole(parsed.InvocationConfiguration, parsed.GetValue(yes));
            return console.RunAsync(() => InstallAsync(options, parsed.GetValue(dryRun), console, cancelled));
        });
        return command;
    }

    private static async Task<int> InstallAsync(InstallOptions options, bool dryRun, SetupConsole console, CancellationToken cancelled)
    {
        var installation = new Installation(new NodePaths(), new Systemctl(), TimeProvider.System, console.Say);
        if (!dryRun)
            installation.Recover();
        string own = Environment.ProcessPath!;
        var (found, plan) = await installation.PlanAsync(options, own == Packaged ? null : await File.ReadAllBytesAsync(own, cancelled), cancelled);
        if (plan.Changes.Count == 0)
        {
            console.Say("installed already: nothing to do");
            return ExitCode.Ok;
        }

        console.Say(plan.Describe().TrimEnd('\n'));
        if (dryRun)
            return ExitCode.Ok;
        if (!console.Agrees())
            return ExitCode.Failed;
        await installation.ApplyAsync(found, plan, options, cancelled);
        console.Say("installed: `criguard status` says how it is, `criguard events` what it sees; `criguard uninstall` puts everything back");
        return ExitCode.Ok;
    }
}
