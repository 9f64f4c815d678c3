using System.CommandLine;
using CriGuard.Core.Events;
using CriGuard.Core.Replay;
using CriGuard.Core.Workloads;
using CriGuard.Daemon;
using CriGuard.Daemon.Judging;
using CriGuard.Output;
using CriGuard.Replay;
using CriGuard.Store.Policies;

namespace CriGuard.Commands;

/// <summary>`criguard policy replay`: what another policy would do with the pods that are on this node.</summary>
internal static class PolicyReplayCommand
{
    private const string DefaultCaller = "/usr/bin/kubelet";

    public static Command Create()
    {
        var policy = new Option<string>("--policy") { HelpName = "FILE|DIR", Description = "the policy to try", Required = true };
        var runtime = RuntimeEndpoint.Runtime();
        var image = RuntimeEndpoint.Image();
        var enforce = new Option<bool>("--audit-as-enforce") { Description = "judge audit rules as if they were enforced" };
        var caller = new Option<string>("--caller")
        {
            HelpName = "PATH", Description = "executable that is taken to make the calls, for rules about callers", DefaultValueFactory = static _ => DefaultCaller,
        };
        var podLogs = new Option<string>("--pod-logs-dir")
        {
            HelpName = "DIR", Description = "`podLogsDir` of the kubelet's configuration", DefaultValueFactory = static _ => NodeFacts.DefaultPodLogs,
        };
        var state = StateDirectory.Flag();
        var output = new Option<string>("--output", "-o") { HelpName = "text|json", Description = "for people or for programs", DefaultValueFactory = static _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var command = new Command("replay", "judge the pods that are on this node under another policy; ends with 0 where none would be refused, 1 where one would, 2 where that cannot be told")
        {
            policy, runtime, image, enforce, caller, podLogs, state, output,
        };
        command.SetAction((parsed, cancelled) =>
        {
            var runtimeEndpoint = parsed.GetValue(runtime) ?? RuntimeEndpoint.Default;
            var question = new ReplayQuestion(
                parsed.GetRequiredValue(policy), runtimeEndpoint, parsed.GetValue(image) ?? runtimeEndpoint,
                parsed.GetValue(enforce), parsed.GetRequiredValue(caller), parsed.GetRequiredValue(podLogs), parsed.GetRequiredValue(state),
                parsed.GetRequiredValue(output) == "json");
            return RunAsync(question, parsed.InvocationConfiguration, cancelled);
        });
        return command;
    }

    private static async Task<int> RunAsync(ReplayQuestion question, InvocationConfiguration streams, CancellationToken cancelled)
    {
        var reading = PolicyReader.Read(question.Policy);
        foreach (var error in reading.Errors)
            await streams.Error.WriteLineAsync(error.ToString());
        if (reading.Policy is not { } read)
            return ExitCode.CannotJudge;
        var policy = question.AuditAsEnforce ? read.Enforced() : read;
        try
        {
            using var runtime = new RuntimeGate(question.Runtime);
            using var images = new RuntimeGate(question.Image);
            var questions = new RuntimeQuestions(runtime, images);
            var judge = new Judge(
                new CurrentPolicy(question.Policy, "", policy), new NodeFacts { PodLogs = question.PodLogs }, TimeProvider.System, questions,
                new HostPaths(new RuntimeMounts(question.Runtime).View, TimeProvider.System), new SeccompFiles(question.StateDirectory, TimeProvider.System), accounted: null);
            var pods = await new NodeReplay(questions, judge, new Caller(0, 0, question.Caller)).PodsAsync(cancelled);
            return Show(ReplayReport.Of(read.Revision, pods), question.Json, streams.Output);
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

    private static int Show(ReplayReport report, bool json, TextWriter output)
    {
        if (json)
            ReplayJson.Write(output, report);
        else
            ReplayText.Write(output, report);
        if (report.Count(ReplayOutcome.Refused) > 0)
            return ExitCode.Failed;
        return report.Count(ReplayOutcome.Unjudged) > 0 ? ExitCode.CannotJudge : ExitCode.Ok;
    }

    /// <summary>What is asked for.</summary>
    private sealed record ReplayQuestion(
        string Policy, UnixEndpoint Runtime, UnixEndpoint Image, bool AuditAsEnforce, string Caller, string PodLogs, string StateDirectory, bool Json);
}
