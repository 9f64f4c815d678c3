using System.Collections.Immutable;
using CriGuard.Core.Policy;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;
using CriGuard.Cri.Facts;
using CriGuard.Cri.Requests;
using CriGuard.Cri.Runtime;

namespace CriGuard.Daemon.Judging;

/// <summary>RunPodSandbox: facts from the request, the node's handlers where a rule routes, the sandbox before where the policy knows levels.</summary>
internal sealed class SandboxJudge(RuntimeQuestions runtime, SeccompFiles profiles)
{
    public async Task<JudgedCall> JudgeAsync(CompiledPolicy policy, CallRequest call, NodeFacts node)
    {
        if (!Received.TryParse<RunPodSandboxRequest>(call.Message, out var request))
            throw CannotJudgeException.Unreadable("RunPodSandbox");
        var facts = SandboxReader.Read(request);
        if (policy.NeedsHandlers(node, facts))
            node = node with { RuntimeHandlers = await runtime.HandlersAsync(call.Path, call.Cancelled) };
        if (!policy.Handlers.Entries.IsEmpty)
            facts = facts with { Before = await runtime.BeforeAsync(call.Path, facts.Pod, call.Cancelled) };
        node = profiles.Look(policy, node, facts.Seccomp);
        var verdict = Engine.Evaluate(policy, node, facts);
        return new JudgedCall(
            verdict, new CallSubject { Pod = facts.Pod, Details = Details(policy.Handlers, facts, verdict) }, changes => RequestPatcher.Apply(request, changes));
    }

    /// <summary>What was asked for, and what it came to: `criguard sandboxes` reads them.</summary>
    private static ImmutableArray<KeyValuePair<string, string>> Details(HandlerTable handlers, SandboxFacts facts, Verdict verdict)
    {
        var decided = HandlerTable.Decided(facts, verdict.Changes);
        KeyValuePair<string, string> asked = new("runtimeHandler", facts.RuntimeHandler);
        return !verdict.IsRefusal && handlers.LevelOf(decided) is { } level ? [asked, new("handler", decided.RuntimeHandler), new("level", level.Word())] : [asked];
    }
}
