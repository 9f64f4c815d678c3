namespace CriGuard.Core.Policy;

/// <summary>Whether a rule acts or only tells what it would do.</summary>
public enum RuleMode
{
    Enforce,
    Audit,
}

/// <summary>What a finding leads to when its rule is enforced.</summary>
public enum Effect
{
    /// <summary>Recorded, nothing else.</summary>
    Report,

    /// <summary>The request is changed to the allowed value; the <see cref="Change"/> says how.</summary>
    Change,

    /// <summary>The call is refused.</summary>
    Refuse,
}

/// <summary>One thing that a rule, or a built-in check, has to say about a request.</summary>
/// <param name="Rule">Name of the rule; `built-in` for checks that no document switches on.</param>
/// <param name="Control">What it is about.</param>
/// <param name="Mode">Audit: recorded with the effect that it would have had.</param>
/// <param name="Effect">What it leads to when enforced.</param>
/// <param name="Field">Path in the request, in the CRI's names.</param>
/// <param name="Message">What is asked and why it is not allowed: one line, the user's values in backticks.</param>
/// <param name="Remedy">What the owner of the workload changes; empty where there is nothing to do.</param>
public sealed record Finding(string Rule, Control Control, RuleMode Mode, Effect Effect, string Field, string Message, string Remedy)
{
    public const string BuiltIn = "built-in";
}
