using System.CommandLine;
using CriGuard.Commands;

// A reply of the runtime is read on the thread that hears of it, which saves a lifted call one hand-over. The framework reads the switch from
// the environment alone, at its first socket; nothing of ours runs on that thread, since HTTP/2 streams resume their readers on the pool.
Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");

var root = new RootCommand("CriGuard: a security gate on the CRI socket, between the kubelet and the container runtime")
{
    BypassCommand.Create(),
    DaemonCommand.Create(),
    EventsCommand.Create(),
    LogCommand.Create(),
    PolicyCommand.Create(),
    StatusCommand.Create(),
};

// The daemon drains and followed events end by themselves: nothing is cut short by the command line.
return await CommandLine.InvokeAsync(root.Parse(args), new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromHours(1) });
