using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Isolation;

/// <summary>A handler that enforced rules give and the runtime does not offer: the pods that need it are refused until it does.</summary>
/// <param name="Handler">The entry of the policy's table.</param>
/// <param name="Rules">Names of the rules, in order.</param>
public sealed record MissingHandler(HandlerEntry Handler, ImmutableArray<string> Rules)
{
    /// <summary>For a policy that is checked or taken.</summary>
    public PolicyError Error => new(
        Handler.At,
        $"{Handler.Words}, which {(Rules.Length == 1 ? $"rule {Words.List(Rules)} needs" : $"rules {Words.List(Rules)} need")}, is not offered by the runtime: set it up on this node, or take the rule out");

    /// <param name="policy">Whose rules give handlers.</param>
    /// <param name="offered">Names of the runtime's handlers; null where it does not tell, which offers none.</param>
    public static ImmutableArray<MissingHandler> Of(CompiledPolicy policy, ImmutableSortedSet<string>? offered) =>
    [
        .. Given(policy).Where(given => offered?.Contains(given.Handler.Name) != true).GroupBy(static given => given.Handler)
            .Select(static same => new MissingHandler(same.Key, [.. same.Select(static given => given.Rule).Distinct().Order(StringComparer.Ordinal)])),
    ];

    /// <summary>True where the policy needs any handler at all, so that the runtime is worth asking.</summary>
    public static bool IsPossible(CompiledPolicy policy) => Given(policy).Any();

    /// <summary>What the policy would do by itself after an incident needs its handler beforehand.</summary>
    private static IEnumerable<(HandlerEntry Handler, string Rule)> Given(CompiledPolicy policy) =>
        from demand in policy.Rules.Where(static r => r is { Mode: RuleMode.Enforce, Sandbox: not null }).Select(static r => (r.Sandbox!.Level, r.Name))
            .Concat(policy.StepUp is { } stepUp ? [(stepUp.To, StepUpSetting.Name)] : [])
        let handler = policy.Handlers.First(demand.Item1)
        where handler is not null
        select (handler, demand.Item2);
}
