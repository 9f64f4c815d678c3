using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace CriGuard.Core.Policy;

/// <summary>The one record of a decision: it drives the patch, the refusal's message, the event and the explanation.</summary>
/// <param name="Revision">Digest of the policy that decided.</param>
/// <param name="Findings">All findings, enforced and audited, in a fixed order that does not depend on the order of rules.</param>
/// <param name="Changes">Changes of enforced rules, at most one a field; empty in a refusal.</param>
public sealed record Verdict(string Revision, ImmutableArray<Finding> Findings, ImmutableArray<Change> Changes)
{
    /// <summary>True where an enforced finding refuses.</summary>
    public bool IsRefusal => Findings.Any(static f => f is { Mode: RuleMode.Enforce, Effect: Effect.Refuse });

    /// <summary>Gives the permit, or the refusal where there is none: exactly one of the two.</summary>
    public bool TryPermit([NotNullWhen(true)] out Permit? permit, [NotNullWhen(false)] out Refusal? refusal)
    {
        permit = IsRefusal ? null : new Permit(this);
        refusal = IsRefusal ? new Refusal(this) : null;
        return permit is not null;
    }
}

/// <summary>Leave to forward one call: only a verdict makes one, and nothing judged is forwarded without it.</summary>
public sealed class Permit
{
    internal Permit(Verdict verdict) => Verdict = verdict;

    public Verdict Verdict { get; }

    /// <summary>What has to be written into the request first; empty: it goes on byte for byte.</summary>
    public ImmutableArray<Change> Changes => Verdict.Changes;
}
