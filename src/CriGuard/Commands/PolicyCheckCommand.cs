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
        var rules = policy.Rules.GroupBy(static r => (r.Name, r.Mode)).ToList();
        streams.Output.WriteLine(
            $"ok: {rules.Count} rules, unknown methods: {policy.UnknownMethods.ToString().ToLowerInvariant()}, revision {policy.Revision}");
        var width = policy.Rules.Select(static r => r.Name.Length).DefaultIfEmpty().Max();
        foreach (var rule in rules)
            streams.Output.WriteLine($"  {rule.Key.Name.PadRight(width)}  {rule.Key.Mode.ToString().ToLowerInvariant(),-7}  {Controls(rule)}");
        return ExitCode.Ok;
    }

    /// <summary>A rule and the bundle that stands beside it are one for whoever wrote it.</summary>
    private static string Controls(IEnumerable<Rule> rule) => string.Join(", ", rule.SelectMany(static r => r.Controls()).Distinct().Order().Select(static c => c.Name()));
}
