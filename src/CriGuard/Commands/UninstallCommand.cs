using System.CommandLine;
using CriGuard.Output;
using CriGuard.Setup;

namespace CriGuard.Commands;

/// <summary>`criguard uninstall`: puts the node back to what it was.</summary>
internal static class UninstallCommand
{
    public static Command Create()
    {
        var yes = SetupConsole.Yes();
        var purge = new Option<bool>("--purge") { Description = "remove the event log, the configuration and the policies too" };
        var wait = SetupConsole.Wait();
        var command = new Command("uninstall", "point this node's kubelet back to its runtime and take CriGuard away: every file is what it was before (root)") { yes, purge, wait };
        command.SetAction((parsed, cancelled) =>
        {
            var console = new SetupConsole(parsed.InvocationConfiguration, parsed.GetValue(yes));
            return console.RunAsync(() => UninstallAsync(parsed.GetValue(purge), parsed.GetValue(wait), console, cancelled));
        });
        return command;
    }

    private static async Task<int> UninstallAsync(bool purge, TimeSpan wait, SetupConsole console, CancellationToken cancelled)
    {
        var (node, systemctl) = (new NodePaths(), new Systemctl());
        new Installation(node, systemctl, TimeProvider.System, console.Say).Recover();
        if (!new NodeRecord(node).IsInstalled)
        {
            console.Say("not installed: nothing to do");
            return ExitCode.Ok;
        }

        console.Say($"CriGuard is taken away{(purge ? ", its event log, configuration and policies too" : "")}; pods go on");
        if (!console.Agrees())
            return ExitCode.Failed;
        await new Removal(node, systemctl, TimeProvider.System, console.Say).RunAsync(purge, wait, cancelled);
        console.Say("uninstalled");
        return ExitCode.Ok;
    }
}
