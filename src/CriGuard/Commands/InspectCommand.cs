using System.CommandLine;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Inspection;
using CriGuard.Output;

namespace CriGuard.Commands;

/// <summary>`criguard inspect`: what was asked for, what was decided, what the runtime has and what the kernel says.</summary>
internal static class InspectCommand
{
    public static Command Create()
    {
        var subject = new Argument<string?>("POD|CONTAINER")
        {
            Description = "`namespace/name` of a pod, the name of a pod or container, or the beginning of an id", Arity = ArgumentArity.ZeroOrOne,
        };
        var all = new Option<bool>("--all") { Description = "every container of the node, a line each" };
        var runtime = RuntimeEndpoint.Runtime();
        var state = StateDirectory.Flag();
        var output = new Option<string>("--output", "-o") { HelpName = "text|json", Description = "for people or for programs", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command(
            "inspect",
            "compare what was asked for and decided with the runtime's spec and the kernel; needs root; ends with 0 where nothing is weaker, "
            + "1 where something is or was never judged, 2 where that cannot be told")
        {
            subject, all, runtime, state, output,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(all) == result.GetValue(subject) is not null)
                result.AddError("name a pod or a container, or give `--all`");
        });
        command.SetAction((parsed, cancelled) => RunAsync(
            new InspectQuestion(
                parsed.GetValue(subject), parsed.GetValue(runtime) ?? RuntimeEndpoint.Default, StateDirectory.Events(parsed.GetRequiredValue(state)),
                parsed.GetRequiredValue(output) == "json"),
            parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> RunAsync(InspectQuestion question, InvocationConfiguration streams, CancellationToken cancelled)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            await streams.Error.WriteLineAsync("criguard: inspecting needs root: the runtime's socket, the event log and other users' processes are read");
            return ExitCode.CannotJudge;
        }

        try
        {
            using var runtime = new RuntimeGate(question.Runtime);
            var evidence = new StartEvidence(new HostPaths(new RuntimeMounts(question.Runtime).View, TimeProvider.System));
            var questions = new RuntimeQuestions(runtime, runtime);
            var inspection = new NodeInspection(
                questions, evidence, new UnlistedContainers(questions, question.Runtime.Path, TimeProvider.System), question.EventDirectory, TimeProvider.System);
            var containers = await inspection.LookAsync(question.Subject, cancelled);
            if (containers.IsEmpty && question.Subject is { } subject)
            {
                await streams.Error.WriteLineAsync($"criguard: no pod or container `{Printable.Of(subject)}` on this node: `criguard inspect --all` lists them");
                return ExitCode.CannotJudge;
            }

            if (question.Json)
                InspectionJson.Write(streams.Output, containers);
            else if (question.Subject is null)
                InspectionText.WriteLines(streams.Output, containers);
            else
                InspectionText.WriteTables(streams.Output, containers);
            if (containers.Any(static c => c.Outcome is InspectionOutcome.Differs or InspectionOutcome.NotJudged))
                return ExitCode.Failed;
            return containers.Any(static c => c.Outcome == InspectionOutcome.Unknown) ? ExitCode.CannotJudge : ExitCode.Ok;
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

    /// <summary>What is asked for.</summary>
    private sealed record InspectQuestion(string? Subject, UnixEndpoint Runtime, string EventDirectory, bool Json);
}
