using System.Collections.Immutable;
using CriGuard.Core.Workloads;

namespace CriGuard.Core.Policy;

/// <summary>Which workloads a rule is about: every key that is given must match, and each list means any of its items.</summary>
public sealed record Match
{
    public static Match Everything { get; } = new();

    public ImmutableArray<Glob> Namespaces { get; init; } = [];

    public ImmutableArray<Glob> PodNames { get; init; } = [];

    /// <summary>Exact names; a pod is of a workload by its own name (<see cref="WorkloadName"/>).</summary>
    public ImmutableArray<string> Workloads { get; init; } = [];

    /// <summary>All pairs must be there; a value of `*` asks only that the label is present.</summary>
    public ImmutableSortedDictionary<string, string> PodLabels { get; init; } = NoLabels;

    public Selector PodSelector { get; init; } = Selector.Everything;

    public Selector AnnotationSelector { get; init; } = Selector.Everything;

    /// <summary>Judged on every name of the image: the pod's text, the reference, tags and digests on the node. One that matches is enough.</summary>
    public ImmutableArray<Glob> Images { get; init; } = [];

    /// <summary>`sha256:…`: the image's id, or the digest of one of the node's names for it. What the pod's text says does not count.</summary>
    public ImmutableArray<string> ImageDigests { get; init; } = [];

    public ImmutableArray<Glob> Containers { get; init; } = [];

    /// <summary>The handler of the sandbox; empty text for the runtime's default.</summary>
    public ImmutableArray<Glob> RuntimeHandlers { get; init; } = [];

    /// <summary>`api`, `file`, `http`, or `unknown`.</summary>
    public ImmutableArray<string> ConfigSources { get; init; } = [];

    /// <summary>Executable of the process that makes the call.</summary>
    public ImmutableArray<Glob> Callers { get; init; } = [];

    /// <summary>True where it names what a sandbox does not have: such a match is about containers alone.</summary>
    internal bool NamesContainers => !Images.IsEmpty || !ImageDigests.IsEmpty || !Containers.IsEmpty;

    private static ImmutableSortedDictionary<string, string> NoLabels => ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>
    /// Either copy of the pod may match, so that editing labels of a running pod can only tighten (T-C1); where the runtime tells of no pod,
    /// it may be one that matches.
    /// </summary>
    internal bool Covers(Subject subject) => subject.IsUntold
        ? Fits(Callers, subject.Caller?.Executable)
        : (CoversPod(subject.Sandbox) || (subject.Resent is { } resent && CoversPod(resent))) && CoversRest(subject);

    /// <summary>Only the copy that the runtime has counts: what is loosened must not hang on what a tenant can send.</summary>
    internal bool CoversPinned(Subject subject) => !subject.IsUntold && CoversPod(subject.Sandbox) && CoversRest(subject);

    private bool CoversPod(SandboxFacts sandbox) =>
        Fits(Namespaces, sandbox.Pod.Namespace)
        && Fits(PodNames, sandbox.Pod.Name)
        && (Workloads.IsEmpty || Workloads.Any(workload => WorkloadName.IsOf(sandbox.Pod.Name, workload)))
        && Fits(RuntimeHandlers, sandbox.RuntimeHandler)
        && (ConfigSources.IsEmpty || ConfigSources.Contains(sandbox.ConfigSource))
        && CoversLabels(sandbox)
        && PodSelector.Matches(sandbox.Labels)
        && AnnotationSelector.Matches(sandbox.Annotations);

    private bool CoversLabels(SandboxFacts sandbox)
    {
        foreach (var (key, wanted) in PodLabels)
        {
            if (!sandbox.Labels.TryGetValue(key, out var value) || (wanted != "*" && wanted != value))
                return false;
        }

        return true;
    }

    private bool CoversRest(Subject subject) =>
        Fits(Containers, subject.Container)
        && Fits(Callers, subject.Caller?.Executable)
        && (Images.IsEmpty || subject.Image?.All.Any(name => Fits(Images, name)) == true)
        && (ImageDigests.IsEmpty || subject.Image?.Digests.Any(digest => ImageDigests.Contains(digest)) == true);

    private static bool Fits(ImmutableArray<Glob> globs, string? text)
    {
        if (globs.IsEmpty)
            return true;
        if (text is null)
            return false;
        foreach (var glob in globs)
        {
            if (glob.Matches(text))
                return true;
        }

        return false;
    }
}
