using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Isolation;

/// <summary>`stepUp` of a policy: after which incidents the daemon itself sends the next pods of a workload to a stronger level. It only ever adds demands.</summary>
/// <param name="After">What the findings are about that count.</param>
/// <param name="To">Given by one of the policy's `handlers`.</param>
/// <param name="For">From the incident on.</param>
/// <param name="At">Where it is written.</param>
public sealed record StepUpSetting(ImmutableArray<Control> After, IsolationLevel To, TimeSpan For, Position At = default)
{
    /// <summary>In messages, in the place of a rule's name.</summary>
    public const string Name = "stepUp";

    public static readonly TimeSpan Shortest = TimeSpan.FromHours(1);

    /// <summary>What is to hold for longer is a rule.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(30);

    /// <summary>
    /// All controls but the sandbox's own: what a step-up refuses must not bring about the next one. A method that is not known is about no workload.
    /// </summary>
    public static ImmutableArray<Control> Possible { get; } =
        [.. Enum.GetValues<Control>().Where(static c => c is not (Control.Sandbox or Control.UnknownMethod))];

    /// <summary>
    /// The finding that makes a decision an incident; null where there is none. It counts what was refused, and what CriGuard reports without a rule; not
    /// what rules give, and nothing that is only audited.
    /// </summary>
    public Finding? Incident(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict.Findings.FirstOrDefault(f =>
            f.Mode == RuleMode.Enforce && After.Contains(f.Control) && (f.Effect == Effect.Refuse || (f is { Rule: Finding.BuiltIn, Effect: Effect.Report })));
    }
}
