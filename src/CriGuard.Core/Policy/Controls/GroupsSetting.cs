using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The groups that a container may be in.</summary>
/// <param name="Ranges">Only these; empty: not demanded.</param>
/// <param name="Denied">Never these: groups of the node that own devices or sockets.</param>
public sealed record GroupsSetting(ImmutableArray<IdRange> Ranges, ImmutableArray<IdRange> Denied)
{
    /// <summary>What exceptions allow besides.</summary>
    public ImmutableArray<IdRange> Exempt { get; init; } = [];

    public bool Allows(long group) => Exempt.Contain(group) || (!Denied.Contain(group) && (Ranges.IsEmpty || Ranges.Contain(group)));

    public GroupsSetting Allowing(ImmutableArray<string> groups) => this with { Exempt = [.. Exempt, .. IdRanges.Parse(groups)] };

    public IEnumerable<string> Said() => [.. Ranges.Said("range"), .. Denied.Said("denied"), .. Exempt.Said("exempt")];
}
