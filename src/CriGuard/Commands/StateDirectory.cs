using System.CommandLine;
using CriGuard.Daemon;

namespace CriGuard.Commands;

/// <summary>The flag of every command that reads what a daemon keeps.</summary>
internal static class StateDirectory
{
    public static Option<string> Flag() => new("--state-dir")
    {
        HelpName = "DIR",
        Description = "state directory of the daemon",
        DefaultValueFactory = static _ => DaemonOptions.DefaultStateDirectory,
    };

    /// <summary>The event log below it.</summary>
    public static string Events(string stateDirectory) => Path.Combine(stateDirectory, "events");
}
