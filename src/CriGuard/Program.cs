using System.CommandLine;
using CriGuard.Commands;

var root = new RootCommand("CriGuard: a security gate on the CRI socket, between the kubelet and the container runtime")
{
    DaemonCommand.Create(),
    EventsCommand.Create(),
    LogCommand.Create(),
    PolicyCommand.Create(),
};

// The daemon drains and followed events end by themselves: nothing is cut short by the command line.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromHours(1) });
