using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>What updates of resources may set beyond the limits that Kubernetes knows.</summary>
/// <param name="Denied">True where there is to be no update at all.</param>
/// <param name="Unified">Names of cgroup v2 files that may be written; `*` stands for any characters.</param>
/// <param name="Annotations">Names of annotations that may be set.</param>
public sealed record UpdatesSetting(bool Denied, ImmutableArray<Glob> Unified, ImmutableArray<Glob> Annotations)
{
    public static UpdatesSetting Deny { get; } = new(Denied: true, [], []);

    /// <summary>The setting with more files of cgroup v2 allowed.</summary>
    public UpdatesSetting Allowing(ImmutableArray<string> files) =>
        this with { Denied = false, Unified = [.. Unified, .. files.Select(static f => new Glob(f))] };
}
