using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The users that a container may run as.</summary>
/// <param name="NonRoot">Any but 0.</param>
/// <param name="Ranges">Only these; empty: not demanded.</param>
public sealed record RunAsUserSetting(bool NonRoot, ImmutableArray<IdRange> Ranges)
{
    /// <summary>What exceptions allow besides.</summary>
    public ImmutableArray<IdRange> Exempt { get; init; } = [];

    public bool Allows(long user) => Exempt.Contain(user) || ((!NonRoot || user != 0) && (Ranges.IsEmpty || Ranges.Contain(user)));

    public RunAsUserSetting Allowing(ImmutableArray<string> users) => this with { Exempt = [.. Exempt, .. IdRanges.Parse(users)] };

    public IEnumerable<string> Said() => [.. NonRoot ? (string[])["nonRoot"] : [], .. Ranges.Said("range"), .. Exempt.Said("exempt")];

    /// <summary>What is allowed, for people.</summary>
    public string Wanted => Ranges.IsEmpty ? "a user other than 0" : $"one of {Words.List([.. Ranges.Select(static r => r.ToString())])}";
}
