using System.Collections.Immutable;

namespace CriGuard.Core.Policy;

/// <summary>What came of reading a policy: the policy, or all errors of all files at once.</summary>
/// <param name="Policy">Null exactly where there are errors.</param>
/// <param name="Errors">By file, line and column.</param>
public sealed record PolicyReading(CompiledPolicy? Policy, ImmutableArray<PolicyError> Errors)
{
    public static PolicyReading Of(CompiledPolicy policy) => new(policy, []);

    public static PolicyReading Failed(IEnumerable<PolicyError> errors) => new(
        Policy: null,
        [.. errors.OrderBy(static e => e.At.File, StringComparer.Ordinal).ThenBy(static e => e.At.Line).ThenBy(static e => e.At.Column)]);
}
