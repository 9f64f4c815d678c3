using System.Collections.Immutable;
using CriGuard.Core.Policy.Capabilities;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>What a profile is resolved for.</summary>
/// <param name="Capabilities">That the container may hold.</param>
/// <param name="Machine">The node's own architecture.</param>
/// <param name="Kernel">The node's kernel.</param>
public sealed record ProfileContext(CapabilitySet Capabilities, CallArchitecture Machine, Version Kernel);

/// <summary>For whom a rule is: the `includes` and `excludes` of Docker's form, and the conditions of a base.</summary>
public sealed record RuleScope
{
    /// <summary>All of these are held.</summary>
    public CapabilitySet With { get; init; } = CapabilitySet.Empty;

    /// <summary>None of these is held.</summary>
    public CapabilitySet Without { get; init; } = CapabilitySet.Empty;

    /// <summary>The machine is one of these; empty for any.</summary>
    public ImmutableArray<CallArchitecture> Architectures { get; init; } = [];

    /// <summary>The kernel is at least this; null for any.</summary>
    public Version? MinKernel { get; init; }

    /// <summary>True where something that is asked for is not known here, so that it never holds.</summary>
    public bool IsUnknown { get; init; }

    public bool Holds(ProfileContext context) =>
        !IsUnknown && With.Except(context.Capabilities).IsEmpty && (Without & context.Capabilities).IsEmpty
        && (Architectures.IsEmpty || Architectures.Contains(context.Machine)) && (MinKernel is null || context.Kernel >= MinKernel);
}
