using System.Collections.Immutable;

namespace CriGuard.Core.Policy.Controls;

/// <summary>Which of the annotations that change a runtime's behaviour a pod may have; all others are nobody's business.</summary>
public sealed record AnnotationSetting(ImmutableArray<Glob> Allow)
{
    public static AnnotationSetting None { get; } = new([]);

    /// <summary>The setting with more allowed.</summary>
    public AnnotationSetting Allowing(ImmutableArray<string> keys) => this with { Allow = [.. Allow, .. keys.Select(static k => new Glob(k))] };

    /// <summary>Those of the keys that change something and are not allowed, in order.</summary>
    public List<string> Beyond(IEnumerable<string> keys) => BehaviourAnnotations.Among(keys).FindAll(IsBeyond);

    /// <summary>The same of labels.</summary>
    public List<string> BeyondLabels(IEnumerable<string> keys) => BehaviourAnnotations.AmongLabels(keys).FindAll(IsBeyond);

    private bool IsBeyond(string key) => !Allow.Any(glob => BehaviourAnnotations.Matches(glob, key));
}
