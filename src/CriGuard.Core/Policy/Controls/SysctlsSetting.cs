using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>The kernel parameters that a pod may set.</summary>
/// <param name="Allow">By names with dots.</param>
public sealed record SysctlsSetting(ImmutableArray<Glob> Allow)
{
    public bool Allows(string name) => Allow.Any(g => g.Matches(name));

    public SysctlsSetting Allowing(ImmutableArray<string> names) => new([.. Allow, .. names.Select(static n => new Glob(n))]);

    public IEnumerable<string> Said() => Allow.Select(static g => g.Pattern).Distinct().Order(StringComparer.Ordinal);
}
