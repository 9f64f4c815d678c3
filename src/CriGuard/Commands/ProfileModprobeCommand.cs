using System.CommandLine;
using CriGuard.Core.Profiles.Modules;
using CriGuard.Store.Profiles;

namespace CriGuard.Commands;

/// <summary>`criguard profile modprobe`: rules that keep modprobe from loading what no container needs.</summary>
internal static class ProfileModprobeCommand
{
    public static Command Create()
    {
        var keep = new Option<string[]>("--keep") { HelpName = "MODULE", Description = "a module that this node needs itself; may be given more than once" };
        var command = new Command("modprobe", "print rules for /etc/modprobe.d that refuse the modules which processes can make the kernel load") { keep };
        command.SetAction(parsed => parsed.InvocationConfiguration.Output.Write(ModprobeRules.Write(ShippedProfiles.KernelModules, parsed.GetValue(keep) ?? [])));
        return command;
    }
}
