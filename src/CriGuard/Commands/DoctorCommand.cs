using System.Collections.Immutable;
using System.CommandLine;
using CriGuard.Daemon;
using CriGuard.Doctor;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard doctor`: looks at the whole node and says what keeps the gate from holding, with what to do.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var config = new Option<string?>("--config") { Description = $"configuration file of the daemon (default: {DaemonOptions.DefaultConfigurationFile})", HelpName = "FILE" };
        var output = new Option<string>("--output", "-o") { HelpName = "text|json", Description = "for people or for programs", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var all = new Option<bool>("--all") { Description = "print what is good too" };
        var command = new Command(
            "doctor",
            "look for what keeps the gate from holding on this node, and say what to do; needs root; changes nothing; ends with 0 where there is no fault (warnings are none), "
            + "1 where there is one, 2 where something cannot be told")
        {
            config, output, all,
        };
        command.SetAction((parsed, cancelled) => RunAsync(
            new NodeSurvey("", TimeProvider.System), parsed.GetValue(config), parsed.GetRequiredValue(output) == "json", parsed.GetValue(all), parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> RunAsync(NodeSurvey survey, string? config, bool json, bool all, InvocationConfiguration streams, CancellationToken cancelled)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await streams.Error.WriteLineAsync("criguard: the doctor needs root: other users' processes, the log and the kernel's lists are read");
            return ExitCode.CannotJudge;
        }

        try
        {
            if (config is null && !File.Exists(DaemonOptions.DefaultConfigurationFile))
                throw new StartException($"there is no `{DaemonOptions.DefaultConfigurationFile}`: give the daemon's configuration with `--config`");
            var options = DaemonOptionsBuilder.Build(ImmutableDictionary<string, string?>.Empty, config);
            var checks = Checkup.Of(await survey.LookAsync(options, cancelled));
            await streams.Output.WriteAsync(json ? CheckJson.Of(checks) : CheckText.Of(checks, all));
            return checks.Max(static c => c.Outcome) switch
            {
                CheckOutcome.Fault => ExitCode.Failed,
                CheckOutcome.Unknown => ExitCode.CannotJudge,
                _ => ExitCode.Ok,
            };
        }
        catch (StartException e)
        {
            foreach (string line in e.Message.Split('\n'))
                await streams.Error.WriteLineAsync($"criguard: {line}");
            return ExitCode.CannotJudge;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }
}
