using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The runtime handler that a pod is run under, or a stronger one that it asks for.</summary>
/// <param name="Handler">One of the policy's `handlers`.</param>
/// <param name="At">Where it is written.</param>
public sealed record SandboxSetting(string Handler, Position At = default);

/// <summary>Sandbox: chosen when the pod is run; a pod is never run under less, and one that runs already is never moved.</summary>
internal static class SandboxControl
{
    private const string Field = "runtime_handler";

    /// <summary>The runtime's own default may be anything: it ranks below all that are listed.</summary>
    private const int DefaultRank = -1;

    public static void Judge(Judgement judgement, NodeFacts node, ImmutableArray<string> order, SandboxFacts facts)
    {
        var demands = judgement.Demands(static r => r.Sandbox);
        if (demands.Count == 0)
            return;
        var (rule, setting) = Strongest(demands, order);
        var (subject, asked) = (Words.Pod(facts.Pod), facts.RuntimeHandler);
        if (!IsListed(asked, order))
            judgement.Refuse(
                rule, Control.Sandbox, Field, $"{subject} asks for handler {Words.Quote(asked)}, whose isolation is not known",
                "ask for none, or list the handler in the policy's `handlers`");
        else if (Missing(demands, asked, node) is { } missing)
            judgement.Refuse(
                rule, Control.Sandbox, Field, $"{subject} must not run without handler {Words.Quote(missing)}, which the runtime does not offer",
                "set the handler up on this node, or keep the pod off it");
        else if (Rank(asked, order) < Rank(setting.Handler, order))
            judgement.Change(
                rule, Control.Sandbox, Field, $"{subject} asks for {(asked.Length == 0 ? "the default handler" : $"handler {Words.Quote(asked)}")}",
                asked.Length == 0 ? "unset" : asked, setting.Handler, new Edit.RuntimeHandler(setting.Handler));
    }

    /// <summary>A rule or a label that came after the pod cannot move it any more: its containers are refused until it is run anew.</summary>
    public static void Check(Judgement judgement, ImmutableArray<string> order, SandboxFacts sandbox, string container)
    {
        var demands = judgement.Demands(static r => r.Sandbox);
        if (demands.Count == 0)
            return;
        var (rule, setting) = Strongest(demands, order);
        var runsUnder = sandbox.RuntimeHandler;
        if (IsListed(runsUnder, order) && Rank(runsUnder, order) >= Rank(setting.Handler, order))
            return;
        var under = runsUnder.Length == 0 ? "the runtime's default handler" : $"handler {Words.Quote(runsUnder)}";
        judgement.Refuse(
            rule, Control.Sandbox, Field, $"{Words.Container(container)} is in a sandbox under {under} instead of {Words.Quote(setting.Handler)}",
            "delete the pod, so that it is run anew");
    }

    private static Demand<SandboxSetting> Strongest(List<Demand<SandboxSetting>> demands, ImmutableArray<string> order) =>
        demands.MaxBy(d => Rank(d.Setting.Handler, order));

    /// <summary>First handler that is named and not offered; what the runtime did not tell, it does not offer.</summary>
    private static string? Missing(List<Demand<SandboxSetting>> demands, string asked, NodeFacts node) =>
        demands.Select(static d => d.Setting.Handler).Append(asked).FirstOrDefault(h => h.Length > 0 && node.RuntimeHandlers?.Contains(h) != true);

    private static bool IsListed(string handler, ImmutableArray<string> order) => handler.Length == 0 || order.Contains(handler);

    private static int Rank(string handler, ImmutableArray<string> order) => handler.Length == 0 ? DefaultRank : order.IndexOf(handler);
}
