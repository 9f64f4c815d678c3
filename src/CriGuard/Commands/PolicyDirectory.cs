using System.CommandLine;
using CriGuard.Daemon;
using CriGuard.Output;
using CriGuard.Store.Configuration;

namespace CriGuard.Commands;

/// <summary>The policy's directory, for commands that write into it.</summary>
internal static class PolicyDirectory
{
    public static Option<string?> Flag() => new("--policy")
    {
        HelpName = "DIR", Description = $"directory of the policy (default: `policy` of {DaemonOptions.DefaultConfigurationFile})",
    };

    /// <summary>Does it in the directory that is given, or in the daemon's; says why it cannot.</summary>
    public static int Act(string? given, TextWriter errors, Func<string, int> action)
    {
        try
        {
            if ((given ?? Configured()) is not { } directory)
                errors.WriteLine($"criguard: which policy is not known: give `--policy`, or set `policy` in {DaemonOptions.DefaultConfigurationFile}");
            else if (!Directory.Exists(directory))
                errors.WriteLine($"criguard: policy `{directory}` is no directory: put its file into one, and point the daemon there");
            else
                return action(directory);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            errors.WriteLine($"criguard: {Printable.Of(e.Message)}");
        }

        return ExitCode.Failed;
    }

    private static string? Configured() =>
        File.Exists(DaemonOptions.DefaultConfigurationFile) ? ConfigurationFile.Read(DaemonOptions.DefaultConfigurationFile, [])["policy"] : null;
}
