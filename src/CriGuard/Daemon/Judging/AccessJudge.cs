using System.Globalization;
using CriGuard.Core.Policy;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;

namespace CriGuard.Daemon.Judging;

/// <summary>Calls that enter, end or resize a workload, and those whose meaning is not known: a light rule, and the record.</summary>
internal sealed class AccessJudge(RuntimeQuestions runtime)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, string method)
    {
        if (!AccessReader.TryRead(call.Path, call.Message.Span, out var facts))
            throw CannotJudgeException.Unreadable(method);
        // Stopping or removing what is gone is no error in the CRI, so neither is not knowing whose it was.
        var sandbox = await runtime.FindSandboxAsync(call.Path, facts, call.Cancelled);
        var subject = new CallSubject { Pod = sandbox?.Pod, SandboxId = sandbox?.Id ?? facts.SandboxId, ContainerId = facts.ContainerId, Details = [.. Details(facts)] };
        return new JudgedCall(Engine.Evaluate(policy, facts), subject, _ => call.Message) { MayGoUnrecorded = facts.Ends };
    }

    private static IEnumerable<KeyValuePair<string, string>> Details(AccessFacts facts)
    {
        if (facts.Executable.Length == 0)
            yield break;
        yield return new("executable", facts.Executable);
        yield return new("arguments", facts.Arguments.ToString(CultureInfo.InvariantCulture));
        yield return new("tty", facts.Tty ? "true" : "false");
        yield return new("stdin", facts.Stdin ? "true" : "false");
    }
}
