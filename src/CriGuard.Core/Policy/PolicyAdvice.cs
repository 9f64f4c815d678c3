using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>What is well-formed in a policy and yet less than its writer may think.</summary>
public static class PolicyAdvice
{
    /// <summary>Runtimes give a privileged container everything, whatever lists the request has.</summary>
    private static readonly ImmutableArray<Control> UnboundByPrivileged = [Control.Seccomp, Control.Capabilities, Control.Devices, Control.ProcMount];

    /// <summary>A line for each thing, in the order of names.</summary>
    public static IEnumerable<string> Of(CompiledPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(policy);
        if (policy.Rules.Any(static r => r is { Mode: RuleMode.Enforce, DeniesPrivileged: true } && r.Match == Match.Everything))
            yield break;
        foreach (var rule in policy.Rules.Where(static r => r.Mode == RuleMode.Enforce).GroupBy(static r => r.Name, StringComparer.Ordinal))
        {
            var unbound = UnboundByPrivileged.Intersect(rule.SelectMany(static r => r.Controls())).Select(static c => c.Name()).ToList();
            if (unbound.Count > 0 && !rule.Any(static r => r.DeniesPrivileged))
                yield return $"rule {Words.Quote(rule.Key)} does not hold privileged containers to {Words.List(unbound)}, since no runtime does: add `privileged: deny` to it, or to the floor";
        }
    }
}
