using System.Collections.Immutable;

namespace CriGuard.Core.Profiles.Seccomp;

/// <summary>A profile as OCI runtimes read it (opencontainers/runtime-spec, config-linux.md, `seccomp`).</summary>
/// <param name="DefaultAction">Of calls that no rule is about.</param>
/// <param name="Architectures">Further architectures by their OCI names; that of the machine is always in.</param>
/// <param name="Rules">In the order of the file.</param>
public sealed record SeccompProfile(SeccompAction DefaultAction, ImmutableArray<string> Architectures, ImmutableArray<SeccompRule> Rules)
{
    /// <summary>`flags`: of the filter as a whole (seccomp(2)).</summary>
    public ImmutableArray<string> Flags { get; init; } = [];

    /// <summary>Whether calls are left to a listener; a composed profile has none.</summary>
    public bool HasListener { get; init; }
}

/// <summary>What becomes of some calls.</summary>
/// <param name="Names">Of the calls.</param>
/// <param name="Action">What becomes of them.</param>
/// <param name="Conditions">All must hold; but where two are on one argument, any of them is enough (T-S9).</param>
public sealed record SeccompRule(ImmutableArray<string> Names, SeccompAction Action, ImmutableArray<ArgumentCondition> Conditions)
{
    /// <summary>For whom it is; null for everybody. containerd takes no notice of it.</summary>
    public RuleScope? Scope { get; init; }

    /// <summary>True where runc and crun make a rule of each condition, because two are on one argument (runc, libcontainer/seccomp, matchCall).</summary>
    public bool IsEither => Conditions.GroupBy(static c => c.Index).Any(static same => same.Skip(1).Any());
}
