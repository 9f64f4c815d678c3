using System.Collections.Immutable;
using System.CommandLine;
using CriGuard.Core.Events;
using CriGuard.Core.Sandboxes;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Output;
using CriGuard.Sandboxes;
using CriGuard.Store.Events;

namespace CriGuard.Commands;

/// <summary>`criguard sandboxes`: what isolates each pod of this node, beside what was asked and decided.</summary>
internal static class SandboxesCommand
{
    public static Command Create()
    {
        var runtime = RuntimeEndpoint.Runtime();
        var state = StateDirectory.Flag();
        var output = new Option<string>("--output", "-o") { HelpName = "table|json", Description = "for people or for programs", DefaultValueFactory = static _ => "table" };
        output.AcceptOnlyFromAmong("table", "json");
        var command = new Command(
            "sandboxes",
            "show what isolates each pod of this node, beside what was asked and decided, and the memory that it takes; ends with 1 where a pod has less than was decided, "
            + "with 2 where that cannot be told") { runtime, state, output };
        command.SetAction((parsed, cancelled) => RunAsync(
            parsed.GetValue(runtime) ?? RuntimeEndpoint.Default, StateDirectory.Events(parsed.GetRequiredValue(state)),
            parsed.GetRequiredValue(output) == "json", parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> RunAsync(UnixEndpoint endpoint, string events, bool json, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            var decisions = Decisions(events, streams.Error);
            using var runtime = new RuntimeGate(endpoint);
            var sandboxes = await new NodeSandboxes(new RuntimeQuestions(runtime, runtime), decisions).ReadAsync(cancelled);
            if (json)
                SandboxJson.Write(streams.Output, sandboxes);
            else
                SandboxTable.Write(streams.Output, sandboxes);
            return sandboxes.Any(static s => s.IsWeaker) ? ExitCode.Failed : ExitCode.Ok;
        }
        catch (CannotJudgeException e)
        {
            await streams.Error.WriteLineAsync($"criguard: cannot tell what runs on this node: {Printable.Of(e.Message)}");
            return ExitCode.CannotJudge;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    /// <summary>Without a log there is still what runs.</summary>
    private static ImmutableDictionary<string, SandboxDecision> Decisions(string events, TextWriter errors)
    {
        try
        {
            using var reader = new EventReader(events, new EventFilter { Kind = "call" });
            return SandboxDecisions.Of(reader.Read().Select(static logged => logged.Entry));
        }
        catch (EventLogException e)
        {
            errors.WriteLine($"criguard: what was decided is not known: {e.Message}");
            return ImmutableDictionary<string, SandboxDecision>.Empty;
        }
    }
}
