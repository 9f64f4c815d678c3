using System.CommandLine;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Output;
using CriGuard.Store.Policies;

namespace CriGuard.Commands;

/// <summary>`criguard step-up`: sends the next instances of a workload to a stronger level, by a rule in the policy's directory that the daemon takes like any other.</summary>
internal static class StepUpCommand
{
    /// <param name="time">For `--for`, and for what has expired.</param>
    public static Command Create(TimeProvider time)
    {
        var target = Target("pods of this namespace, or of this workload in it: a Deployment, StatefulSet, DaemonSet, Job, CronJob, or one pod");
        var to = new Option<string>("--to") { HelpName = "LEVEL", Description = "userns, gvisor or kata", Required = true };
        to.AcceptOnlyFromAmong([.. Enum.GetValues<IsolationLevel>().Where(static l => l > IsolationLevel.Runc).Select(static l => l.Word())]);
        var reason = new Option<string>("--reason") { HelpName = "TEXT", Description = "why, for whoever reads the policy", Required = true };
        reason.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && token.Value.AsSpan().Trim().IsEmpty)
                result.AddError("`--reason` is empty: whoever reads the policy must know");
        });
        var span = new Option<TimeSpan?>("--for") { HelpName = "SPAN", Description = "for so long: 90m, 24h, 7d (default: until it is cleared)", CustomParser = Span };
        var policy = PolicyDirectory.Flag();
        var command = new Command(
            "step-up",
            "run the next pods of a workload with at least this isolation; pods that run are not moved, and their next container is refused until they are deleted")
        {
            target, to, reason, span, policy, List(time), Clear(),
        };
        command.SetAction(parsed => PolicyDirectory.Act(parsed.GetValue(policy), parsed.InvocationConfiguration.Error, directory =>
        {
            var until = parsed.GetValue(span) is { } length ? time.GetUtcNow() + length : (DateTimeOffset?)null;
            var level = Enum.Parse<IsolationLevel>(parsed.GetRequiredValue(to), ignoreCase: true);
            return Add(directory, new StepUp(parsed.GetRequiredValue(target), level, parsed.GetRequiredValue(reason), until), parsed.InvocationConfiguration);
        }));
        return command;
    }

    private static int Add(string directory, StepUp stepUp, InvocationConfiguration streams)
    {
        var file = StepUp.FileOf(directory, stepUp.Target);
        var reading = PolicyReader.ReadWith(directory, file, stepUp.Document());
        foreach (var error in reading.Errors)
            streams.Error.WriteLine(error);
        if (reading.Policy is not { } policy)
            return ExitCode.Failed;
        stepUp.Write(directory);
        streams.Output.WriteLine($"{file}: policy revision {policy.Revision} once the daemon has taken it");
        return ExitCode.Ok;
    }

    private static Command List(TimeProvider time)
    {
        var policy = PolicyDirectory.Flag();
        var command = new Command("list", "show the step-ups of the policy, those that the daemon added by `stepUp` among them") { policy };
        command.SetAction(parsed => PolicyDirectory.Act(parsed.GetValue(policy), parsed.InvocationConfiguration.Error, directory =>
        {
            var reading = PolicyReader.Read(directory);
            foreach (var error in reading.Errors)
                parsed.InvocationConfiguration.Error.WriteLine(error);
            if (reading.Policy is not { } read)
                return ExitCode.Failed;
            foreach (var stepUp in StepUp.Of(read))
            {
                var until = stepUp.Expires is not { } end ? "until it is cleared"
                    : end <= time.GetUtcNow() ? $"expired {end.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}" : $"until {end.UtcDateTime:yyyy-MM-dd'T'HH:mm'Z'}";
                parsed.InvocationConfiguration.Output.WriteLine($"{stepUp.Target}  {stepUp.Level.Word()}  {until}  {Printable.Of(stepUp.Reason)}");
            }

            return ExitCode.Ok;
        }));
        return command;
    }

    private static Command Clear()
    {
        var target = Target("as it was given");
        var policy = PolicyDirectory.Flag();
        var command = new Command("clear", "take a step-up away, the daemon's own for it too; pods that run are not moved") { target, policy };
        command.SetAction(parsed => PolicyDirectory.Act(parsed.GetValue(policy), parsed.InvocationConfiguration.Error, directory =>
        {
            List<string> files = [.. ((bool[])[false, true]).Select(automatic => StepUp.FileOf(directory, parsed.GetRequiredValue(target), automatic)).Where(File.Exists)];
            if (files.Count == 0)
            {
                parsed.InvocationConfiguration.Error.WriteLine($"criguard: `{parsed.GetRequiredValue(target)}` has no step-up: `criguard step-up list` shows those that are there");
                return ExitCode.Failed;
            }

            files.ForEach(File.Delete);
            return ExitCode.Ok;
        }));
        return command;
    }

    private static Argument<string> Target(string description)
    {
        var target = new Argument<string>("NAMESPACE[/WORKLOAD]") { Description = description };
        target.Validators.Add(static result =>
        {
            if (result.Tokens is [var token] && StepUp.Objection(token.Value) is { } objection)
                result.AddError(objection);
        });
        return target;
    }

    private static TimeSpan? Span(System.CommandLine.Parsing.ArgumentResult result)
    {
        if (Moment.TryParseSpan(result.Tokens[0].Value, out var span) && span > TimeSpan.Zero && span <= TimeSpan.FromDays(3650))
            return span;
        result.AddError($"`{result.Tokens[0].Value}` is no span of time: write 90m, 24h or 7d");
        return null;
    }
}
