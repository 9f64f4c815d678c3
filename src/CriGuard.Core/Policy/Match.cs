using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>Which workloads a rule is about: every key that is given must match, and each list means any of its items.</summary>
public sealed record Match
{
    public static Match Everything { get; } = new();

    public ImmutableArray<Glob> Namespaces { get; init; } = [];

    /// <summary>All pairs must be there; a value of `*` asks only that the label is present.</summary>
    public ImmutableSortedDictionary<string, string> PodLabels { get; init; } = NoLabels;

    private static ImmutableSortedDictionary<string, string> NoLabels => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>Judged on every name of the image: the pod's text, the reference, tags and digests on the node. One that matches is enough.</summary>
    public ImmutableArray<Glob> Images { get; init; } = [];

    /// <summary>A sandbox has no image: a rule that names images is not about sandboxes.</summary>
    internal bool Covers(SandboxFacts sandbox) => Images.IsEmpty && CoversPod(sandbox);

    /// <summary>Either copy of the pod may match, so that editing labels of a running pod can only tighten (T-C1).</summary>
    internal bool Covers(SandboxFacts pinned, SandboxFacts? resent, ImageFacts image) =>
        (CoversPod(pinned) || (resent is not null && CoversPod(resent))) && CoversImage(image);

    private bool CoversPod(SandboxFacts sandbox)
    {
        if (!Namespaces.IsEmpty && !MatchesAny(Namespaces, sandbox.Pod.Namespace))
            return false;
        foreach (var (key, wanted) in PodLabels)
        {
            if (!sandbox.Labels.TryGetValue(key, out var value) || (wanted != "*" && wanted != value))
                return false;
        }

        return true;
    }

    private bool CoversImage(ImageFacts image) =>
        Images.IsEmpty || image.All.Any(name => MatchesAny(Images, name));

    private static bool MatchesAny(ImmutableArray<Glob> globs, string text)
    {
        foreach (var glob in globs)
        {
            if (glob.Matches(text))
                return true;
        }

        return false;
    }
}
