using System.Collections.Immutable;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Checkpoints: they hold the memory of a workload, secrets included, and what is restored runs with the rights of then (T-P2 to T-P4).</summary>
internal static class CheckpointsControl
{
    public static void Judge(Judgement judgement, NodeFacts node, HandlerTable handlers, AccessFacts facts)
    {
        if (facts.CheckpointPath is { } path)
            Judge(
                judgement, node, Unable(handlers, facts.Sandbox), facts.Method == "CheckpointPod" ? "output_path" : "location", path, facts.CheckpointOptions,
                $"checkpoint of {AccessWords.Subject(facts)}{AccessWords.Untold(facts)}");
    }

    public static void Judge(Judgement judgement, NodeFacts node, HandlerTable handlers, RestoreFacts facts) =>
        Judge(judgement, node, Unable(handlers, facts.Sandbox), "checkpoint_path", facts.CheckpointPath, facts.Options, $"restore of {Words.Pod(facts.Sandbox.Pod)} from a checkpoint");

    /// <summary>What says that it cannot be checkpointed through the CRI: its handler, or any of the table where nobody knows which it is under.</summary>
    private static string? Unable(HandlerTable handlers, SandboxFacts? sandbox)
    {
        var unable = sandbox is null ? handlers.Entries.FirstOrDefault(static h => !h.Can(Ability.Checkpoint)) : handlers.Find(sandbox.RuntimeHandler);
        return unable is null || unable.Can(Ability.Checkpoint) ? null : $"{(sandbox is null ? "perhaps " : "")}under {unable.Words}, which cannot be checkpointed";
    }

    private static void Judge(
        Judgement judgement, NodeFacts node, string? unable, string field, string path, ImmutableSortedSet<string> options, string subject)
    {
        foreach (var (rule, setting) in judgement.Demands(static r => r.Checkpoints))
        {
            if (setting.Paths.IsEmpty)
                judgement.Refuse(rule, Control.Checkpoints, field, subject, "delete the pod and create it anew instead");
            else if (unable is not null)
                judgement.Refuse(rule, Control.Checkpoints, field, $"{subject}, {unable}", "delete the pod and create it anew instead");
            else if (!setting.Holds(path))
                judgement.Refuse(rule, Control.Checkpoints, field, $"{subject} at {Words.Quote(path)}", $"keep it below {Words.List(setting.Paths)}");
            else if (node.Caller is not { Executable: { Length: > 0 } executable })
                judgement.Refuse(rule, Control.Checkpoints, field, $"{subject} by a process that is not known", "let the kubelet do it");
            else if (!setting.Callers.Any(glob => glob.Matches(executable)))
                judgement.Refuse(rule, Control.Checkpoints, field, $"{subject} by {Words.Quote(executable)}", "let the kubelet do it");
            else if (!options.IsEmpty)
                judgement.Refuse(
                    rule, Control.Checkpoints, "options", $"{subject} with options {Words.List(options)}, which only the runtime understands",
                    "leave the options out: the kubelet sends none");
        }
    }
}
