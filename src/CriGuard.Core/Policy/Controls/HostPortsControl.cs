using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The ports of the node that a pod may take; empty: none.</summary>
public sealed record HostPortsSetting(ImmutableArray<IdRange> Allow)
{
    public HostPortsSetting Allowing(ImmutableArray<string> ports) => new([.. Allow, .. IdRanges.Parse(ports)]);

    public IEnumerable<string> Said() => ["deny", .. Allow.Said("allow")];
}

/// <summary>Ports of the node that lead to a pod (T-H2).</summary>
internal static class HostPortsControl
{
    private const string Field = "config.port_mappings";

    public static void Judge(Judgement judgement, SandboxFacts facts)
    {
        var demands = judgement.Demands(static r => r.HostPorts);
        if (demands.Count == 0)
            return;
        var subject = Words.Pod(facts.Pod);
        foreach (var (rule, setting) in demands)
        {
            var beyond = facts.HostPorts.Where(p => !setting.Allow.Contain(p.Number)).Select(static p => IdRange.Text(p.Number)).Distinct().ToList();
            if (beyond.Count > 0)
                judgement.Refuse(
                    rule, Control.HostPorts, Field, $"{subject} takes {(beyond.Count == 1 ? "port" : "ports")} {Words.List(beyond)} of the node",
                    setting.Allow.IsEmpty ? "take `hostPort` out, and reach it by a Service" : "take a `hostPort` that is allowed, or reach it by a Service");
        }

        if (facts.Namespaces.Network == NamespaceMode.Node)
            judgement.Report(
                demands[0].Rule, Control.HostPorts, Field, $"{subject} shares the node's network: the ports that it listens on are not in any request");
    }
}
