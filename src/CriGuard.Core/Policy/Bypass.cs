namespace CriGuard.Core.Policy;

/// <summary>Break-glass: while it is open the policy decides nothing, and what it would have decided is recorded.</summary>
/// <param name="Began">When it was opened.</param>
/// <param name="Until">When it ends by itself.</param>
/// <param name="Reason">Why, in the words of whoever opened it.</param>
/// <param name="By">Who did.</param>
public sealed record Bypass(DateTimeOffset Began, DateTimeOffset Until, string Reason, string By)
{
    /// <summary>The longest that it can be opened for: a node that needs more needs another policy.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(24);

    /// <summary>Bytes that a reason may have.</summary>
    public const int LongestReason = 1024;

    /// <summary>False where the clock says that it was opened later: it is not known then how long it has been.</summary>
    public bool IsOpen(DateTimeOffset now) => now >= Began && now < Until && Until - Began <= Longest;

    /// <summary>The decision as if every rule were an audit rule: nothing is refused or changed.</summary>
    public static Verdict Open(Verdict verdict)
    {
        ArgumentNullException.ThrowIfNull(verdict);
        return verdict with { Findings = [.. verdict.Findings.Select(static f => f with { Mode = RuleMode.Audit })], Changes = [] };
    }

    /// <summary>For a call that could not be judged.</summary>
    /// <param name="revision">The policy that would have decided.</param>
    public static Verdict Unjudged(string revision) => new(revision, [], []);
}
