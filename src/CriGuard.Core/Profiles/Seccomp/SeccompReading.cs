using System.Collections.Immutable;
using CriGuard.Core.Policy;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>A profile that was read, or all that is wrong with it.</summary>
/// <param name="Profile">Null where there are errors.</param>
/// <param name="Errors">Each with its place.</param>
public sealed record SeccompReading(SeccompProfile? Profile, ImmutableArray<PolicyError> Errors);
