using System.CommandLine;
using CriGuard.Commands;

var root = new RootCommand("CriGuard: a security gate on the CRI socket, between the kubelet and the container runtime")
{
    BypassCommand.Create(),
    DaemonCommand.Create(),
    DoctorCommand.Create(),
    EventsCommand.Create(),
    ExportCommand.Create(),
    InspectCommand.Create(),
    InstallCommand.Create(),
    LogCommand.Create(),
    PolicyCommand.Create(),
    ProfileCommand.Create(),
    SandboxesCommand.Create(),
    StatusCommand.Create(),
    StepUpCommand.Create(TimeProvider.System),
    TimelineCommand.Create(),
    UninstallCommand.Create(),
};

// The daemon drains and followed events end by themselves: nothing is cut short by the command line.
return await CommandLine.InvokeAsync(root.Parse(args), new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromHours(1) });
