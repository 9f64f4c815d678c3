using System.CommandLine;
using CriGuard.Core.Policy;
using CriGuard.Output;
using CriGuard.Store.Policies;

namespace CriGuard.Commands;

/// <summary>`criguard policy check`: every error of a policy with its place, or what is in it.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE|DIR") { Description = "policy file, or a directory of *.yaml files" };
        var command = new Command("check", "read a policy, print its rules and revision; ends with 1 where there are errors") { path };
        command.SetAction(parsed => Check(parsed.GetRequiredValue(path), parsed.InvocationConfiguration));
        return command;
    }

    private static int Check(string path, InvocationConfiguration streams)
    {
        var reading = PolicyReader.Read(path);
        foreach (var error in reading.Errors)
            streams.Error.WriteLine(error);
        if (reading.Policy is not { } policy)
            return ExitCode.Failed;
        streams.Output.WriteLine(
            $"ok: {policy.Rules.Length} rules, unknown methods: {policy.UnknownMethods.ToString().ToLowerInvariant()}, revision {policy.Revision}");
        var width = policy.Rules.Select(static r => r.Name.Length).DefaultIfEmpty().Max();
        foreach (var rule in policy.Rules)
            streams.Output.WriteLine($"  {rule.Name.PadRight(width)}  {rule.Mode.ToString().ToLowerInvariant(),-7}  {Controls(rule)}");
        return ExitCode.Ok;
    }

    private static string Controls(Rule rule) => string.Join(", ", rule.Controls().Select(static c => c.Name()));
}
