using System.Collections.Immutable;
using CriGuard.Core.Policy.Isolation;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The runtime handlers that a pod may be run under.</summary>
/// <param name="Allow">By name; empty text is the runtime's default, whatever that is at the time (T-H6).</param>
public sealed record RuntimeHandlersSetting(ImmutableArray<string> Allow)
{
    public RuntimeHandlersSetting Allowing(ImmutableArray<string> names) => new([.. Allow, .. names]);
}

/// <summary>
/// Handlers: a RuntimeClass may name one with laxer settings than the policy thinks of (T-H5). What a rule's `sandbox` gives has to be
/// allowed like what a pod asks for, so that no rule makes another one permit.
/// </summary>
internal static class RuntimeHandlersControl
{
    private const string Field = "runtime_handler";
    private const string Remedy = "set `runtimeClassName` to one whose handler is allowed";
    private const string Untrusted = "io.kubernetes.cri.untrusted-workload";

    public static void Judge(Judgement judgement, HandlerTable handlers, SandboxFacts facts)
    {
        Judge(judgement, judgement.Demands(static r => r.RuntimeHandlers), Words.Pod(facts.Pod), "asks for", facts);
        foreach (var (rule, setting) in judgement.Demands(static r => r.RuntimeHandlers))
        {
            foreach (var (giver, given) in judgement.Demands(static r => r.Sandbox))
            {
                if (handlers.Given(given.Level, facts) is { } handler && !setting.Allow.Contains(handler.Name))
                    judgement.Refuse(
                        rule, Control.RuntimeHandlers, Field, $"{Words.Pod(facts.Pod)} is given {Named(handler.Name)} by rule {Words.Quote(giver)}, which is not allowed",
                        "allow that handler, or let one of the rules match less");
            }
        }
    }

    /// <summary>A rule that came after the pod cannot move it: its containers are refused until it is run anew. A label edited since does nothing.</summary>
    public static void Check(Judgement judgement, SandboxFacts sandbox, string container) =>
        Judge(judgement, judgement.PinnedDemands(static r => r.RuntimeHandlers), Words.Container(container), "is in a sandbox under", sandbox);

    private static void Judge(Judgement judgement, List<Demand<RuntimeHandlersSetting>> demands, string subject, string verb, SandboxFacts facts)
    {
        // T-N1: containerd takes the handler `untrusted` for it, whatever the field says.
        var handler = facts.Annotations.GetValueOrDefault(Untrusted) == "true" ? "untrusted" : facts.RuntimeHandler;
        foreach (var (rule, setting) in demands)
        {
            if (!setting.Allow.Contains(handler))
                judgement.Refuse(rule, Control.RuntimeHandlers, Field, $"{subject} {verb} {Named(handler)}", Remedy);
        }
    }

    private static string Named(string handler) => handler.Length == 0 ? "the runtime's default handler" : $"handler {Words.Quote(handler)}";
}
