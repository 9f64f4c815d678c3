using System.CommandLine;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Output;
using CriGuard.Store.Policies;

namespace CriGuard.Commands;

/// <summary>`criguard policy check`: every error of a policy with its place, or what is in it.</summary>
internal static class PolicyCheckCommand
{
    public static Command Create()
    {
        var path = new Argument<string>("FILE|DIR") { Description = "policy file, or a directory of *.yaml files" };
        var runtime = RuntimeEndpoint.Runtime("ask the runtime at this socket too whether it has the handlers that the rules need");
        var command = new Command("check", "read a policy, print its rules and revision; ends with 1 where there are errors, with 2 where the runtime does not answer") { path, runtime };
        command.SetAction((parsed, cancelled) => CheckAsync(parsed.GetRequiredValue(path), parsed.GetValue(runtime), parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> CheckAsync(string path, UnixEndpoint? endpoint, InvocationConfiguration streams, CancellationToken cancelled)
    {
        try
        {
            var reading = PolicyReader.Read(path);
            if (reading.Policy is { } read && endpoint is { } socket)
                reading = await CheckHandlersAsync(read, socket, cancelled);
            foreach (var error in reading.Errors)
                await streams.Error.WriteLineAsync(error.ToString());
            if (reading.Policy is not { } policy)
                return ExitCode.Failed;
            Show(policy, streams.Output);
            return ExitCode.Ok;
        }
        catch (CannotJudgeException e)
        {
            await streams.Error.WriteLineAsync($"criguard: cannot tell which handlers the runtime has: {Printable.Of(e.Message)}");
            return ExitCode.CannotJudge;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Interrupted;
        }
    }

    private static async Task<PolicyReading> CheckHandlersAsync(CompiledPolicy policy, UnixEndpoint endpoint, CancellationToken cancelled)
    {
        using var runtime = new RuntimeGate(endpoint);
        var missing = MissingHandler.Of(policy, await new RuntimeQuestions(runtime, runtime).HandlersAsync(RuntimeQuestions.OfOurOwn, cancelled));
        return missing.IsEmpty ? PolicyReading.Of(policy) : PolicyReading.Failed(missing.Select(static m => m.Error));
    }

    private static void Show(CompiledPolicy policy, TextWriter output)
    {
        var rules = policy.Rules.GroupBy(static r => (r.Name, r.Mode)).ToList();
        output.WriteLine($"ok: {rules.Count} rules, unknown methods: {policy.UnknownMethods.ToString().ToLowerInvariant()}, revision {policy.Revision}");
        var width = policy.Rules.Select(static r => r.Name.Length).DefaultIfEmpty().Max();
        foreach (var rule in rules)
            output.WriteLine($"  {rule.Key.Name.PadRight(width)}  {rule.Key.Mode.ToString().ToLowerInvariant(),-7}  {Controls(rule)}");
        foreach (var advice in PolicyAdvice.Of(policy))
            output.WriteLine($"note: {advice}");
    }

    /// <summary>A rule and the bundle that stands beside it are one for whoever wrote it.</summary>
    private static string Controls(IEnumerable<Rule> rule) => string.Join(", ", rule.SelectMany(static r => r.Controls()).Distinct().Order().Select(static c => c.Name()));
}
