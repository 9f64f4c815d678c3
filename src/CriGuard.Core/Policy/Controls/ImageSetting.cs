using System.Collections.Immutable;
using CriGuard.Core.Policy.Images;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Which images a workload may be made of.</summary>
/// <param name="Registries">Empty: any.</param>
/// <param name="RequiresDigest">Whether the pod must name its image by digest.</param>
public sealed record ImageSetting(ImmutableArray<ImageSource> Registries, bool RequiresDigest)
{
    /// <summary>The setting with more registries; where any is allowed there is nothing to add.</summary>
    public ImageSetting Allowing(ImmutableArray<string> registries) =>
        Registries.IsEmpty ? this : this with { Registries = [.. Registries, .. registries.Select(static r => new ImageSource(r))] };

    public bool Allows(ImageName name) => Registries.IsEmpty || Registries.Any(source => source.Matches(name));
}
