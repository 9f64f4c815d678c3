using System.Collections.Immutable;

namespace CriGuard.Core.Workloads;

/// <summary>What a seccomp filter says, whatever its layout: equal for files that list the same calls in another order (runtime-spec, config-linux.md, "Seccomp").</summary>
/// <param name="DefaultAction">For what no rule is about.</param>
/// <param name="Architectures">`SCMP_ARCH_…`.</param>
/// <param name="Rules">A text for each rule of each call: name, action, error number, conditions.</param>
public sealed record FilterRules(string DefaultAction, ImmutableSortedSet<string> Architectures, ImmutableSortedSet<string> Rules)
{
    public bool Equals(FilterRules? other) =>
        other is not null && DefaultAction == other.DefaultAction && Architectures.SetEquals(other.Architectures) && Rules.SetEquals(other.Rules);

    public override int GetHashCode() => HashCode.Combine(DefaultAction, Architectures.Count, Rules.Count);

    /// <summary>How it differs from another, in numbers.</summary>
    public string Against(FilterRules other)
    {
        var (more, less) = (Rules.Except(other.Rules).Count, other.Rules.Except(Rules).Count);
        var action = DefaultAction == other.DefaultAction ? "" : $"`{DefaultAction}` instead of `{other.DefaultAction}` for other calls, ";
        return $"{action}{more} rules more, {less} missing";
    }
}
